import type { EvaluatedSeries } from '../../backend/evaluate-call.ts';
import type { KnownSteady } from '../../cluster/coverage/steady-memory.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { factsText, ofScrapes, readFacts, settledBy, windowOf } from './target-facts.ts';

/** What Prometheus writes at each scrape: how many samples it had, and how many of its series the scrape before did not have. */
const SAMPLES = 'scrape_samples_post_metric_relabeling';
const ADDED = 'scrape_series_added';

/**
 * A query whose answer {@link constantUntil} judges, at the end of a range: for each target how often it was scraped, when last, and
 * whether all of these scrapes had the same series. Its cost does not depend on how many series there are.
 * @param range ms since the epoch, both inclusive.
 */
export function constantText(matchers: readonly Matcher[], range: TimeRange): string {
  const window = windowOf(range);
  const [up, samples, added] = ['up', SAMPLES, ADDED].map((name) => ofScrapes(name, matchers));
  return factsText({
    scrapes: `count_over_time(${up}${window})`,
    last: `timestamp(${up})`,
    constant: `(${[
      `count_over_time(${samples}${window})==count_over_time(${added}${window})`,
      `min_over_time(${samples}${window})==max_over_time(${samples}${window})`,
      `sum_over_time(${added}${window})==0`,
    ].join(' and ')})`,
  });
}

/**
 * Until when the scrapes of all targets that matchers can match had the same series, and nothing comes any more, ms since the epoch;
 * undefined where they did not. Each scrape that has as many samples as the one before, and no series that it did not have, has the same.
 * One that fails has none.
 * @param answer to {@link constantText}.
 * @param now ms since the epoch.
 */
export function constantUntil(
  answer: readonly EvaluatedSeries[],
  known: KnownSteady,
  matchers: readonly Matcher[],
  range: TimeRange,
  now: number,
): number | undefined {
  const { targets, steady } = known;
  const isWanted = wantedTargets(targets, matchers);
  const facts = readFacts(targets, answer);
  if (facts === undefined) return undefined;
  const scrapes = new Map<number, number>();
  const lasts = new Map<number, number>();
  const constant = new Map<number, number>();
  for (const { fact, target, value } of facts) {
    // A target that came up meanwhile may have series of the selector.
    if (target === undefined || (steady.intervals[target] === 0 && isWanted(target))) return undefined;
    if (fact === 'scrapes') scrapes.set(target, value);
    else if (fact === 'last') lasts.set(target, Math.round(value * 1000));
    else if (fact === 'constant') constant.set(target, value);
  }
  const isGood = (target: number): boolean => constant.get(target) === scrapes.get(target);
  return settledBy(known, matchers, range, { scrapes, lasts }, now, isGood);
}
