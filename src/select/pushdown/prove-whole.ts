import type { Evaluated, EvaluateRequest } from '../../backend/evaluate-call.ts';
import type { Answered } from '../../backend/answered.ts';
import { LONGEST_SCRAPE_MS } from '../../backend/series-origins.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { Clock } from '../../model/clock.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Spoken } from '../read-once/choose-speakers.ts';
import type { Checked, CheckedRanges } from './checked-ranges.ts';
import type { PushOutcome } from './pushdown.ts';
import { constantText, constantUntil } from './constant-scrapes.ts';
import { hasAsMany, joinSeries } from './target-series.ts';
import { tellsFacts } from './target-facts.ts';
import { wholeSeries, wholeText } from './whole-scrapes.ts';

/** What of a range was checked before is looked at once more for so many intervals: series that ended there show so. */
const OVERLAP_INTERVALS = 4;

/** So much further ahead a server's clock may be, ms. */
const AHEAD_MS = 60_000;

/**
 * While the scrapes of all targets have the same series, these are counted once in so long, ms. What is taken for granted is that an
 * exporter does not begin to tell its own times meanwhile.
 */
const MOST_UNCOUNTED_MS = 600_000;

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

/** What one look at a speaker that has all showed. */
interface Seen extends Pick<Checked, 'isScraped' | 'countedAt'> {
  /** Until when nothing comes any more, ms since the epoch. */
  readonly settled: number;
}

/** How a speaker is proven to have all samples of its shard. Only what was not checked before is asked. */
export function proofOfWhole(checked: CheckedRanges, question: WholeQuestion): WholeProof | PushOutcome {
  const { spoken, matchers, range, clock, leastPerTarget } = question;
  const { known, proof, states, speaker } = spoken;
  const { targets, steady } = known;
  const { perTarget } = proof;
  if (!tellsFacts(targets) || proof.targets !== targets) return 'unproven';
  const { longest, count, leastSeries, isWanted } = wantedBy(question);
  // Of all others the siblings are asked.
  if (count === 0) return 'unproven';
  const key = JSON.stringify([speaker.endpoint.id, matchers]);
  const { minTime, maxTime } = range;
  const before = checked.get(key, states, targets, minTime);
  const hasAll = (series: Checked['series']): boolean =>
    hasAsMany(steady, series, perTarget, isWanted, minTime);
  if (before !== undefined && before.to >= maxTime && hasAll(before.series)) return async () => 'whole';
  if (leastSeries < leastPerTarget * count) return 'small';
  const from = Math.max(minTime, (before?.to ?? -Infinity) - OVERLAP_INTERVALS * longest);
  return async (ask) => {
    const now = clock.now();
    // The parts may have samples that came meanwhile.
    const asked = { minTime: from, maxTime: Math.floor(Math.min(maxTime, now + AHEAD_MS)) };
    const keep = (series: Checked['series'], { settled, isScraped, countedAt }: Seen): boolean => {
      const to = Math.min(maxTime, Math.max(settled, now - LONGEST_SCRAPE_MS));
      const { from: since = minTime } = before ?? {};
      checked.put(key, { from: since, to, series, targets, isScraped, countedAt, states });
      return hasAll(series);
    };
    if (before?.isScraped === true && now - before.countedAt < MOST_UNCOUNTED_MS) {
      const told = await ask(atEnd(constantText(matchers, asked), asked));
      if (!told.ok) return 'failed';
      const { series, isPlain } = told.value;
      const settled = isPlain ? constantUntil(series, known, matchers, asked, now) : undefined;
      if (settled !== undefined && keep(before.series, { ...before, settled })) return 'whole';
    }
    const told = await ask(atEnd(wholeText(targets, matchers, asked), asked));
    if (!told.ok) return 'failed';
    const { isPlain, series: answer } = told.value;
    const whole = isPlain ? wholeSeries(answer, known, matchers, asked, now) : undefined;
    const series = whole && joinSeries(before?.series, whole.series, steady, from);
    if (whole === undefined || series === undefined || !keep(series, { ...whole, countedAt: now })) {
      checked.forget(key);
      return 'not_whole';
    }
    return 'whole';
  };
}

/** A query of the last time of a range, which looks back over all of it. */
function atEnd(text: string, { minTime, maxTime }: TimeRange): EvaluateRequest {
  return { text, start: maxTime, end: maxTime, step: 1, lookbackDelta: maxTime - minTime + 1 };
}

/** The targets that matchers can match and that were scraped in a range. */
interface Wanted {
  readonly isWanted: (target: number) => boolean;
  /** How many there are. */
  readonly count: number;
  /** How seldom they were scraped at most, ms. */
  readonly longest: number;
  /** How many series they had when all were read. */
  readonly leastSeries: number;
}

function wantedBy({ spoken, matchers, range: { minTime, maxTime } }: WholeQuestion): Wanted {
  const { known, proof } = spoken;
  const { steady, targets } = known;
  const isWanted = wantedTargets(targets, matchers);
  let [longest, count, leastSeries] = [0, 0, 0];
  for (let target = 0; target < steady.intervals.length; target++) {
    const [interval, first, last] = [
      steady.intervals[target]!,
      steady.firsts[target]!,
      steady.lasts[target]!,
    ];
    if (interval === 0 || first > maxTime || last < minTime || !isWanted(target)) continue;
    longest = Math.max(longest, interval);
    count++;
    leastSeries += proof.perTarget[target] ?? 0;
  }
  return { isWanted, longest, count, leastSeries };
}
