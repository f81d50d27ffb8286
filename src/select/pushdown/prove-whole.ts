import type { Evaluated, EvaluateRequest } from '../../backend/evaluate-call.ts';
import type { Answered } from '../../backend/answered.ts';
import { LONGEST_SCRAPE_MS } from '../../backend/series-origins.ts';
import { LIVE_INTERVALS } from '../../cluster/coverage/target-holes.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { Clock } from '../../model/clock.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Spoken } from '../read-once/choose-speakers.ts';
import type { CheckedRanges } from './checked-ranges.ts';
import type { PushOutcome } from './pushdown.ts';
import { factsText, tellsFacts, wholeSeries } from './whole-scrapes.ts';

/** What of a range was checked before is looked at once more for so many intervals: series that ended there show so. */
const OVERLAP_INTERVALS = 4;

/** So much further ahead a server's clock may be, ms. */
const AHEAD_MS = 60_000;

/** What a proof is about. */
export interface WholeQuestion {
  readonly spoken: Spoken;
  /** As the speaker is asked with. */
  readonly matchers: readonly Matcher[];
  /** What would be read, ms since the epoch; it may end in the future. */
  readonly range: TimeRange;
  readonly clock: Pick<Clock, 'now'>;
  /** With fewer series for each target the series are read: the answer would be as long as they. */
  readonly leastPerTarget: number;
}

/** Asks the speaker once its parts are there, and tells whether it has all; or why that is not asked. */
export type WholeProof = (
  ask: (request: EvaluateRequest) => Answered<Evaluated>,
) => Promise<PushOutcome | 'whole'>;

/** How a speaker is proven to have all samples of its shard. Only what was not checked before is asked. */
export function proofOfWhole(checked: CheckedRanges, question: WholeQuestion): WholeProof | PushOutcome {
  const { spoken, matchers, range, clock, leastPerTarget } = question;
  const { known, proof, states, speaker } = spoken;
  const leastSeries = proof.series;
  const { longest, count, isNoneGone } = wantedBy(question);
  const key = JSON.stringify([speaker.endpoint.id, matchers]);
  const { minTime, maxTime } = range;
  const before = isNoneGone ? checked.get(key, states, minTime, leastSeries) : undefined;
  if (before !== undefined && before.to >= maxTime) return async () => 'whole';
  if (leastSeries < leastPerTarget * count) return 'small';
  const from = Math.max(minTime, (before?.to ?? -Infinity) - OVERLAP_INTERVALS * longest);
  if (!tellsFacts(known.targets)) return 'unproven';
  return async (ask) => {
    const now = clock.now();
    // The parts may have samples that came meanwhile.
    const end = Math.floor(Math.min(maxTime, now + AHEAD_MS));
    const asked = { minTime: from, maxTime: end };
    const text = factsText(known.targets, matchers, asked);
    const told = await ask({ text, start: end, end, step: 1, lookbackDelta: end - from + 1 });
    if (!told.ok) return 'failed';
    const whole = told.value.isPlain
      ? wholeSeries(told.value.series, known, matchers, asked, now)
      : undefined;
    if (whole === undefined || whole.series < (before?.series ?? leastSeries)) {
      checked.forget(key);
      return 'not_whole';
    }
    const { series, settled } = whole;
    const to = Math.min(maxTime, Math.max(settled, now - LONGEST_SCRAPE_MS));
    if (isNoneGone) checked.put(key, { from: before?.from ?? minTime, to, series, states });
    return 'whole';
  };
}

/**
 * The targets that matchers can match and that were scraped in a range: how many, how seldom at most, ms, and whether all of them to its
 * end. Then no series may end with its target, so there can only be more of them later on.
 */
function wantedBy({ spoken, matchers, range: { minTime, maxTime } }: WholeQuestion): {
  readonly longest: number;
  readonly count: number;
  readonly isNoneGone: boolean;
} {
  const { steady, targets } = spoken.known;
  const isWanted = wantedTargets(targets, matchers);
  let [longest, count, isNoneGone] = [0, 0, true];
  for (let target = 0; target < steady.intervals.length; target++) {
    const [interval, first, last] = [
      steady.intervals[target]!,
      steady.firsts[target]!,
      steady.lasts[target]!,
    ];
    if (interval === 0 || first > maxTime || last < minTime || !isWanted(target)) continue;
    longest = Math.max(longest, interval);
    count++;
    const isGoing = last >= steady.until - LIVE_INTERVALS * interval;
    if (!isGoing && last < maxTime) isNoneGone = false;
  }
  return { longest, count, isNoneGone };
}
