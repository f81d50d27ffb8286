import type { RawSeries } from '../../src/model/raw-data.ts';
import { columnsSeries } from '../select/support.ts';

/**
 * A counter scraped every 15 s from second `phase` on, up to and without second `until`, that counts the seconds;
 * `missed` are stretches [from, to) in seconds without scrapes.
 */
export function scrapedCounter(
  labels: Readonly<Record<string, string>>,
  phase: number,
  until: number,
  ...missed: readonly (readonly [from: number, to: number])[]
): RawSeries {
  const seconds = Array.from({ length: Math.ceil((until - phase) / 15) }, (_, i) => 15 * i + phase);
  const taken = seconds.filter((at) => !missed.some(([from, to]) => at >= from && at < to));
  return columnsSeries(
    labels,
    taken.map((at) => [1000 * at, at] as const),
  );
}
