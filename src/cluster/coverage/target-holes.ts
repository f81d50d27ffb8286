import type { TargetRuns } from './target-runs.ts';

/** Why a target has no samples in a hole. */
export type HoleKind =
  /** The endpoint did not scrape, though the target was there before: it was away itself. */
  | 'away'
  /** It scraped in vain: `up` was 0. */
  | 'failed'
  /** The target was not there: not yet, or it was taken away. */
  | 'gone';

/** A time in which no scrape of one target succeeded; ms since the epoch, both ends exclusive. */
export interface TargetHole {
  readonly from: number;
  readonly to: number;
  readonly kind: HoleKind;
  /** The scrape interval beside it, ms; that after the hole where it is longer. */
  readonly interval: number;
}

/** What is looked at. Times in ms since the epoch. */
export interface KnownRange {
  /** The first time of which the runs tell. */
  readonly from: number;
  /** The last one. */
  readonly until: number;
}

/** At the live edge a scrape shows up only when it is done, so that the newest may be this many intervals old. */
export const LIVE_INTERVALS = 2;

/**
 * The holes of one target within a known range that touch [from, to], ascending.
 * @param missed how many scrapes in a row make a hole: 1 for each one, 2 where a single one counts for nothing.
 */
export function targetHoles(
  runs: TargetRuns,
  known: KnownRange,
  from: number,
  to: number,
  missed: number,
): readonly TargetHole[] {
  const slack = missed + 0.5;
  const holes: TargetHole[] = [];
  const add = (hole: TargetHole): void => {
    if (hole.from < to && hole.to > from) holes.push(hole);
  };
  /** The end of the last success, and what happened since. */
  let last = known.from;
  let lastInterval = 0;
  let kind: HoleKind = 'gone';
  let isFirst = true;
  for (let i = 0; i < runs.length; i++) {
    const interval = runs.intervals[i]!;
    const first = runs.firsts[i]!;
    if (i > 0 && first - runs.lasts[i - 1]! > slack * Math.max(interval, runs.intervals[i - 1]!))
      kind = runs.ended[i - 1] === 1 ? 'gone' : 'away';
    if (runs.scraped[i] === 0) {
      if (kind !== 'away') kind = 'failed';
      continue;
    }
    const longer = Math.max(lastInterval, interval);
    if (first - last > slack * longer) add({ from: last, to: first, kind, interval: longer });
    last = runs.lasts[i]!;
    lastInterval = interval;
    kind = runs.ended[i] === 1 ? 'gone' : 'away';
    isFirst = false;
    if (i + 1 < runs.length && runs.scraped[i + 1] === 0) kind = 'failed';
  }
  const least = Math.max(slack, LIVE_INTERVALS) * lastInterval;
  if (isFirst || known.until - last > least)
    add({ from: last, to: Math.max(known.until, last), kind, interval: lastInterval });
  return holes;
}

/** What two lists of holes have in common, ascending; both are. Shorter times than these many intervals count for nothing. */
export function commonHoles(
  a: readonly TargetHole[],
  b: readonly TargetHole[],
  missed: number,
): readonly TargetHole[] {
  const common: TargetHole[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i]!, b[j]!];
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    const interval = Math.max(one.interval, other.interval);
    if (to - from > (missed + 0.5) * interval)
      common.push({ from, to, interval, kind: one.kind === 'away' ? other.kind : one.kind });
    if (one.to < other.to) i++;
    else j++;
  }
  return common;
}
