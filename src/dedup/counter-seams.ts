import { ResetHint } from '../model/histogram/float-histogram.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import { firstAtOrAfter } from './source.ts';

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
 *   nobody watched, or replicas that really disagree, and kept as well.
 *
 * `interval` in ms. Looks at no sample further than eight intervals from the seam.
 */
export function firstInStep(
  from: SampleColumns,
  last: number,
  to: SampleColumns,
  first: number,
  interval: number,
): number {
  const before = height(from, last);
  const lower = height(to, first) < before;
  const lag = LAG_INTERVALS * interval;
  const near = NEAR_INTERVALS * interval;
  // A lagging replica that misses scrapes besides shows later that it has caught up.
  const next = first + 1 < to.length ? to.t[first + 1]! : Number.POSITIVE_INFINITY;
  const until = Math.max(to.t[first]! + lag, next <= to.t[first]! + near ? next : 0);
  // What `to` shows since then, `from` may have seen a lag and a spacing of `to` earlier.
  const previous = first > 0 && to.t[first]! - to.t[first - 1]! <= near ? to.t[first - 1]! : to.t[first]!;
  const since = Math.min(from.t[last]! - lag, previous);
  const fallsBefore = countFalls(from, last, since - lag - (to.t[first]! - previous), near);
  if (!lower && fallsBefore === 0) return first;
  if (!isCounter(from, last, to, first, interval)) return first;

  const fallsAfter = countFalls(to, first, Math.max(since, began(from, last, near) + lag), near);
  if (fallsAfter > fallsBefore) return first;
  const fallen = firstFall(to, first, until);
  // Behind a reset that `to` has still to see: not before it has.
  const unseen = fallsAfter < fallsBefore || fallsNext(from, last, to.t[first]!);
  if (!lower) return fallsAfter < fallsBefore ? fallen : first;
  if (unseen && fallen > first) return fallen;
  const ends = fallen === first && (next > until || to.t[to.length - 1]! < until);
  const lags = fallsBefore > 0 || showedBefore(from, last, since, height(to, first));
  if (unseen && fallsAfter === fallsBefore) return ends && lags ? pastLagging(to, first, until) : first;
  const caughtUp = firstAtHeight(to, first, until, before);
  if (caughtUp > first) return caughtUp;
  return ends && lags ? pastLagging(to, first, until) : fallen;
}

/** The first sample behind a stretch that did not catch up before it ended. */
function pastLagging({ t, length }: SampleColumns, first: number, until: number): number {
  let next = first + 1;
  while (next < length && t[next]! <= until) next++;
  return next;
}

/** True where both sides of the seam climb, each with one fall at most, for long enough to be no accident. */
function isCounter(
  from: SampleColumns,
  last: number,
  to: SampleColumns,
  first: number,
  interval: number,
): boolean {
  const look = LOOK_INTERVALS * interval;
  const start = firstAtOrAfter(from, from.t[last]! - look);
  const low = firstAtOrAfter(to, to.t[first]! - look);
  const end = firstAtOrAfter(from, from.t[last]! + look, last) - 1;
  const high = firstAtOrAfter(to, to.t[first]! + look, first) - 1;
  return (
    end - start + high - low >= LOOK_PAIRS &&
    countFalls(from, end, from.t[start]!, look) <= 1 &&
    countFalls(to, high, to.t[low]!, look) <= 1
  );
}

/** True where a value is one that the replica went through on its way since then. */
function showedBefore(samples: SampleColumns, last: number, since: number, value: number): boolean {
  const oldest = Math.min(firstAtOrAfter(samples, since), last);
  return height(samples, oldest) <= value && value < height(samples, last);
}

/** What a counter may not fall in: the value, or a histogram's count. NaN, which is never lower, for gauges. */
function height({ v, h }: SampleColumns, i: number): number {
  const histogram = h?.[i];
  if (histogram === undefined) return v[i]!;
  return histogram.resetHint === ResetHint.gauge ? Number.NaN : histogram.count;
}

function fallsAt(samples: SampleColumns, i: number): boolean {
  return height(samples, i) < height(samples, i - 1);
}

/** Falls up to sample `last` that are later than `since` and show within a spacing of `near` ms. */
function countFalls(samples: SampleColumns, last: number, since: number, near: number): number {
  let falls = 0;
  for (let i = last; i > 0 && samples.t[i]! > since; i--)
    if (fallsAt(samples, i) && samples.t[i]! - samples.t[i - 1]! <= near) falls++;
  return falls;
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
