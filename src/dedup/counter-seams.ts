import { firstAtOrAfter } from '../model/sample-columns.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import { fallsAt, fallsOf, height, isLower } from './falls.ts';
import type { Source } from './replica.ts';
import type { Windows } from './windows.ts';

/** How far apart two replicas' views of one target may be, in intervals: a slow write path, a clock that is off. */
const LAG_INTERVALS = 2;

/** Two samples that are further apart, in intervals, tell nothing of when the value fell. */
const NEAR_INTERVALS = 4;

/** How far around a seam the series must look like a counter, in intervals, and by how many pairs of samples. */
const LOOK_INTERVALS = 8;
const LOOK_PAIRS = 8;

/**
 * Where the selection goes over from sample `last` of `from` to `to`, the first sample of `to`, from `first` on, that is
 * in step: normally `first`. A replica that lags behind shows a counter lower than it was already (which a reader
 * would take for a reset) or shows the time before a reset once more (which would count it twice); its samples are
 * passed over until it has caught up. Nothing is decided from the name or the reader of the series:
 *
 * - only where both replicas climb for some samples around the seam, with one fall at most each, is it a counter: a
 *   gauge that goes up and down has no such stretch, and one that has is not lower behind the seam;
 * - a fall that `to` saw itself and `from` had not seen yet is a reset, and kept;
 * - a lower value is a lag only if it is made up for within two intervals. If it is not, this is a reset that
 *   nobody watched, or replicas that really disagree, and kept as well;
 * - behind a gap of more than two intervals nothing is a lag;
 * - replicas that agree on the last sample before the seam are in step, as copies of the same samples always are.
 *
 * Looks at no sample further than eight intervals from the seam.
 */
export function firstInStep(windows: Windows, from: Source, last: number, to: Source, first: number): number {
  if (goesOn(from, last, to, first)) return first;
  return firstCaughtUp(windows, from, last, to, first);
}

/** Whether sample `first` of `to` is behind sample `last` of `from` without doubt: no lower, and no reset is in sight. */
function goesOn(from: Source, last: number, to: Source, first: number): boolean {
  return !isLower(to.samples, first, from.samples, last) && fallsOf(from)?.length === 0;
}

/** {@link firstInStep} for gauges, and for counters that lag or are reset near by. */
function firstCaughtUp(windows: Windows, left: Source, last: number, joined: Source, first: number): number {
  const { samples: from } = left;
  const { samples: to } = joined;
  const { yardstick: interval } = windows;
  const lag = LAG_INTERVALS * interval;
  // Behind a longer gap even a replica that lags has seen all that was seen before it.
  if (to.t[first]! - from.t[last]! > lag) return first;
  if (isSeenByBoth(from, last, to, first)) return first;
  const lower = isLower(to, first, from, last);
  const fallsBefore = countFallsBefore(windows, left, last, to, first);
  if (!lower && fallsBefore === 0) return first;
  if (!isCounter(windows, from, last, to, first)) return first;

  const near = NEAR_INTERVALS * interval;
  const since = Math.min(from.t[last]! - lag, timeBefore(to, first, near));
  // A lagging replica that misses scrapes besides shows later that it has caught up.
  const next = first + 1 < to.length ? to.t[first + 1]! : Number.POSITIVE_INFINITY;
  const until = Math.max(to.t[first]! + lag, next <= to.t[first]! + near ? next : 0);
  const fallsAfter = countFalls(joined, first, Math.max(since, began(from, last, near) + lag), near);
  if (fallsAfter > fallsBefore) return first;
  const fallen = firstFall(to, first, until);
  // Behind a reset that `to` has still to see: not before it has.
  const unseen = fallsAfter < fallsBefore || fallsNext(from, last, to.t[first]!);
  if (!lower) return fallsAfter < fallsBefore ? fallen : first;
  if (unseen && fallen > first) return fallen;
  const ends = fallen === first && (next > until || to.t[to.length - 1]! < until);
  const lags = fallsBefore > 0 || showedBefore(from, last, since, height(to, first));
  if (unseen && fallsAfter === fallsBefore) return ends && lags ? pastLagging(to, first, until) : first;
  const caughtUp = firstAtHeight(to, first, until, height(from, last));
  if (caughtUp > first) return caughtUp;
  return ends && lags ? pastLagging(to, first, until) : fallen;
}

/** Falls that the replica that is left saw of late: those that the other may still have to see. */
function countFallsBefore(
  { yardstick }: Windows,
  left: Source,
  last: number,
  to: SampleColumns,
  first: number,
): number {
  const lag = LAG_INTERVALS * yardstick;
  const near = NEAR_INTERVALS * yardstick;
  // What `to` shows since then, `from` may have seen a lag and a spacing of `to` earlier.
  const previous = timeBefore(to, first, near);
  const since = Math.min(left.samples.t[last]! - lag, previous);
  return countFalls(left, last, since - lag - (to.t[first]! - previous), near);
}

/** Time of the sample before this one, or its own where they are further apart than `near` ms. */
function timeBefore({ t }: SampleColumns, i: number, near: number): number {
  return i > 0 && t[i]! - t[i - 1]! <= near ? t[i - 1]! : t[i]!;
}

/** True where the replicas agreed to the last: the newest sample of the one that is left is the other's as well. */
function isSeenByBoth(from: SampleColumns, last: number, to: SampleColumns, first: number): boolean {
  return first > 0 && to.t[first - 1] === from.t[last] && height(to, first - 1) === height(from, last);
}

/** The first sample behind a stretch that did not catch up before it ended. */
function pastLagging({ t, length }: SampleColumns, first: number, until: number): number {
  let next = first + 1;
  while (next < length && t[next]! <= until) next++;
  return next;
}

/** True where both sides of the seam climb, each with one fall at most, for long enough to be no accident. */
function isCounter(
  windows: Windows,
  from: SampleColumns,
  last: number,
  to: SampleColumns,
  first: number,
): boolean {
  const pairs = climbingPairs(windows, from, last);
  return pairs >= 0 && climbingPairs(windows, to, first) >= Math.max(LOOK_PAIRS - pairs, 0);
}

/** Pairs of neighbours within eight intervals of sample `at`; -1 as soon as a second one of them falls. */
function climbingPairs(windows: Windows, samples: SampleColumns, at: number): number {
  const { t, length } = samples;
  const look = LOOK_INTERVALS * windows.yardstick;
  const since = t[at]! - look;
  const until = t[at]! + look;
  let falls = 0;
  let start = at;
  for (; start > 0 && t[start - 1]! >= since; start--) if (fallsAt(samples, start) && ++falls > 1) return -1;
  let end = at;
  for (; end + 1 < length && t[end + 1]! < until; end++)
    if (fallsAt(samples, end + 1) && ++falls > 1) return -1;
  return end - start;
}

/** True where a value is one that the replica went through on its way since then. */
function showedBefore(samples: SampleColumns, last: number, since: number, value: number): boolean {
  const oldest = Math.min(firstAtOrAfter(samples, since), last);
  return height(samples, oldest) <= value && value < height(samples, last);
}

/** Falls up to sample `last` that are later than `since` and show within a spacing of `near` ms. */
function countFalls(source: Source, last: number, since: number, near: number): number {
  const { samples } = source;
  const { t } = samples;
  const falls = fallsOf(source);
  let count = 0;
  if (falls === undefined) {
    for (let i = last; i > 0 && t[i]! > since; i--)
      if (fallsAt(samples, i) && t[i]! - t[i - 1]! <= near) count++;
    return count;
  }
  for (let k = 0; k < falls.length; k++) {
    const i = falls[k]!;
    if (i <= last && t[i]! > since && t[i]! - t[i - 1]! <= near) count++;
  }
  return count;
}

/**
 * When the replica began to have samples, if that was shortly before sample `last`: what it could not see, it need not
 * have seen.
 */
function began({ t }: SampleColumns, last: number, near: number): number {
  let oldest = last;
  while (oldest > 0 && t[oldest]! > t[last]! - near) {
    if (t[oldest]! - t[oldest - 1]! > near) return t[oldest]!;
    oldest--;
  }
  return oldest === 0 ? t[0]! : Number.NEGATIVE_INFINITY;
}

/** True where the replica that is left saw a fall itself by the time of the first sample of the other. */
function fallsNext(samples: SampleColumns, last: number, until: number): boolean {
  const next = last + 1;
  return next < samples.length && samples.t[next]! <= until && fallsAt(samples, next);
}

/** The first sample behind `first` that falls, if there is one until then; else `first`. */
function firstFall(samples: SampleColumns, first: number, until: number): number {
  for (let i = first + 1; i < samples.length && samples.t[i]! <= until; i++)
    if (fallsAt(samples, i)) return i;
  return first;
}

/** The first sample that has climbed to `target` without a fall, if there is one until then; else `first`. */
function firstAtHeight(samples: SampleColumns, first: number, until: number, target: number): number {
  for (let i = first + 1; i < samples.length && samples.t[i]! <= until && !fallsAt(samples, i); i++)
    if (height(samples, i) >= target) return i;
  return first;
}
