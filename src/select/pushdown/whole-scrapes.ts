import type { EvaluatedSeries } from '../../backend/evaluate-call.ts';
import type { KnownSteady } from '../../cluster/coverage/steady-memory.ts';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';
import { mayShowFailures } from '../../cluster/coverage/wanted-targets.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { selectorOf } from '../../plan/distribute/partial-text.ts';
import { COUNT, factsText, namesText, ofScrapes, readFacts, settledBy, windowOf } from './target-facts.ts';

/**
 * A query whose answer {@link wholeSeries} judges, at the end of a range: for each target how many series have how many samples, how often
 * it was scraped, when last, where series have samples of other times, and where a failed scrape may leave samples, whether one failed.
 * @param matchers of the selector, as the server takes them.
 * @param range ms since the epoch, both inclusive.
 */
export function wholeText(table: TargetTable, matchers: readonly Matcher[], range: TimeRange): string {
  const window = windowOf(range);
  const [selector, up, by] = [selectorOf(matchers), ofScrapes('up', matchers), namesText(table)];
  return factsText({
    series: `count_values by (${by}) ("${COUNT}",count_over_time(${selector}${window}))`,
    scrapes: `count_over_time(${up}${window})`,
    last: `timestamp(${up})`,
    apart: `count by (${by}) (timestamp(${selector})!=on(${by})group_left()timestamp(${up}))`,
    ...(mayShowFailures(matchers) ? { worst: `min_over_time(${up}${window})` } : {}),
  });
}

/** What {@link wholeSeries} found of a replica that has all. */
export interface WholeSeries {
  /** How many series each target has that has any. */
  readonly series: ReadonlyMap<number, number>;
  /** Until when nothing comes any more, ms since the epoch. */
  readonly settled: number;
  /** Whether the last sample of each series has the time of the last scrape of its target, so that it comes with the scrapes of that. */
  readonly isScraped: boolean;
}

/**
 * The series of a replica, if it has all that its scrapes let expect, as `read-once/broken-series.ts` asks of the series themselves:
 * each series belongs to one target and has a sample for each of its scrapes, and all targets were scraped as often as is known and to
 * the end. Undefined where it does not.
 * @param answer to {@link wholeText}.
 * @param now ms since the epoch.
 */
export function wholeSeries(
  answer: readonly EvaluatedSeries[],
  known: KnownSteady,
  matchers: readonly Matcher[],
  range: TimeRange,
  now: number,
): WholeSeries | undefined {
  const facts = readFacts(known.targets, answer);
  if (facts === undefined) return undefined;
  const scrapes = new Map<number, number>();
  const lasts = new Map<number, number>();
  const counted: (readonly [target: number, samples: number])[] = [];
  const series = new Map<number, number>();
  let isScraped = true;
  for (const { fact, target, count, value } of facts) {
    if (fact === 'series') {
      if (target === undefined) return undefined;
      counted.push([target, Number(count)]);
      series.set(target, value + (series.get(target) ?? 0));
    } else if (fact === 'apart') isScraped = false;
    else if (target === undefined) continue;
    else if (fact === 'scrapes') scrapes.set(target, value);
    else if (fact === 'last') lasts.set(target, Math.round(value * 1000));
    else if (fact !== 'worst' || value < 1) return undefined;
  }
  const { intervals } = known.steady;
  if (!counted.every(([target, samples]) => intervals[target]! > 0 && scrapes.get(target) === samples))
    return undefined;
  const settled = settledBy(known, matchers, range, { scrapes, lasts }, now);
  return settled === undefined ? undefined : { series, settled, isScraped };
}
