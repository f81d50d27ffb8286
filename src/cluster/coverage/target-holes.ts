import type { TargetRuns } from './target-runs.ts';

/** Why a target has no samples in a hole. */
export type HoleKind =
  /** The endpoint did not scrape, though the target was there before: it was away itself. */
  | 'away'
  /** It scraped in vain: `up` was 0. */
  | 'failed'
  /** The target was not there: not yet, or it was taken away. */
  | 'gone'
  /** It scraped, but so much less often than another that it misses what that has in between. */
  | 'sparse';

/** A time in which no scrape of one target succeeded; ms since the epoch, both ends exclusive. */
export interface TargetHole {
  readonly from: number;
  readonly to: number;
  readonly kind: HoleKind;
  /** The scrape interval beside it, ms; that after the hole where it is longer. */
  readonly interval: number;
  /** The parts of it in which the endpoint did not even try; ascending. */
  readonly unasked: readonly UnaskedTime[];
  /** From its first scrape in vain to the last one; both ends inclusive. */
  readonly failed: Span | undefined;
}

/** A time, ms since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A time in which an endpoint did not scrape a target; both ends exclusive. */
export interface UnaskedTime extends Span {
  /** True where it was away; false where it had not begun with the target yet. */
  readonly isAway: boolean;
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
  let unasked: UnaskedTime[] = [];
  let failed: Span | undefined;
  for (let i = 0; i < runs.length; i++) {
    const interval = runs.intervals[i]!;
    const first = runs.firsts[i]!;
    if (i === 0) {
      if (first - known.from > slack * interval) unasked.push({ from: known.from, to: first, isAway: false });
    } else if (first - runs.lasts[i - 1]! > slack * Math.max(interval, runs.intervals[i - 1]!)) {
      kind = runs.ended[i - 1] === 1 ? 'gone' : 'away';
      if (kind === 'away') unasked.push({ from: runs.lasts[i - 1]!, to: first, isAway: true });
    }
    if (runs.scraped[i] === 0) {
      if (kind !== 'away') kind = 'failed';
      failed = { from: failed?.from ?? first, to: runs.lasts[i]! };
      continue;
    }
    const longer = Math.max(lastInterval, interval);
    if (first - last > slack * longer)
      add({ from: last, to: first, kind, interval: longer, unasked, failed });
    if (unasked.length > 0) unasked = [];
    failed = undefined;
    last = runs.lasts[i]!;
    lastInterval = interval;
    kind = runs.ended[i] === 1 ? 'gone' : 'away';
    isFirst = false;
    if (i + 1 < runs.length && runs.scraped[i + 1] === 0) kind = 'failed';
  }
  const least = Math.max(slack, LIVE_INTERVALS);
  if (runs.length === 0) unasked.push({ from: known.from, to: known.until, isAway: false });
  else {
    const newest = runs.length - 1;
    const from = runs.lasts[newest]!;
    if (known.until - from > least * runs.intervals[newest]! && runs.ended[newest] === 0)
      unasked.push({ from, to: known.until, isAway: true });
  }
  if (isFirst || known.until - last > least * lastInterval)
    add({ from: last, to: Math.max(known.until, last), kind, interval: lastInterval, unasked, failed });
  return holes;
}

/** What two lists of holes have in common, ascending; both are. Shorter times than these many intervals count for nothing. */
export function commonHoles(
  a: readonly TargetHole[],
  b: readonly TargetHole[],
  missed: number,
): readonly TargetHole[] {
  return common(a, b, (one, other, { from, to }) => {
    const interval = Math.max(one.interval, other.interval);
    const least = (missed + 0.5) * interval;
    if (to - from <= least) return undefined;
    const kind = one.kind === 'away' ? other.kind : one.kind;
    const unasked = commonTimes(one, other, least);
    return { from, to, interval, kind, unasked, failed: around(one.failed, other.failed) };
  });
}

/** The times in which neither of two endpoints tried; shorter ones than `least`, ms, count for nothing. */
function commonTimes(
  { unasked: a }: TargetHole,
  { unasked: b }: TargetHole,
  least: number,
): readonly UnaskedTime[] {
  return common(a, b, (one, other, { from, to }) =>
    to - from > least ? { from, to, isAway: one.isAway || other.isAway } : undefined,
  );
}

/** What `make` makes of each time that two ascending lists have in common, ascending. A time may be empty, and even end before it begins. */
function common<T extends Span>(
  a: readonly T[],
  b: readonly T[],
  make: (one: T, other: T, both: Span) => T | undefined,
): readonly T[] {
  const made: T[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i]!, b[j]!];
    const both = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
    const each = make(one, other, both);
    if (each !== undefined) made.push(each);
    if (one.to < other.to) i++;
    else j++;
  }
  return made;
}

/** The shortest span around two. */
function around(a: Span | undefined, b: Span | undefined): Span | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}
