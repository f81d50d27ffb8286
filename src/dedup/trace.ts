import type { Choice } from './choose.ts';
import type { Windows } from './windows.ts';

/** Receives every decision of a deduplication, for `explain`. Costs nothing where it is not given. */
export interface DedupTrace {
  /** One call a window that holds samples, in ascending order; ms since the epoch, end exclusive, penalty in ms. */
  window(start: number, end: number, replica: string, penalty: number, reason: string): void;
}

/** Why the winner of a window won, in the words of {@link DedupTrace}. */
export function chosenReason({ sources, hi, lo, yardstick, start, end }: Windows, choice: Choice): string {
  const { winner, missing } = choice;
  const others = sources.map((_, r) => r).filter((r) => r !== winner);
  if (others.every((r) => hi[r] === lo[r])) {
    const stale = others.some((r) => {
      const { t, length } = sources[r]!.markers;
      return t.subarray(0, length).some((time) => time >= start - (end - start) && time < end);
    });
    return stale ? 'stale' : 'only source';
  }
  const preferred = others.find((r) => missing[r]! > missing[winner]!);
  if (preferred === undefined || others.every((r) => missing[r] === missing[winner])) return 'tie';
  const scrapes = Math.round(missing[preferred]! / yardstick);
  return `${sources[preferred]!.name} missed ${scrapes} scrapes`;
}
