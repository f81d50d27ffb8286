import { ResetHint } from '../model/histogram/float-histogram.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import { firstAtOrAfter } from './source.ts';

/** How far apart two replicas' views of one target may be, in intervals: a slow write path, a clock that is off. */
const LAG_INTERVALS = 2;

/** Samples on either side of a seam that must look like a counter's, and the intervals within which they count. */
const LOOK = 4;
const LOOK_INTERVALS = 6;

/**
 * Where the selection goes over from sample `last` of `from` to `to`, the first sample of [first, end) of `to` that is
 * in step: normally `first`. A replica that lags behind shows a counter lower than it was already (which a reader
 * would take for a reset) or shows the time before a reset once more (which would count it twice); its samples are
 * passed over until it has caught up. Nothing is decided from the name or the reader of the series:
 *
 * - only where both replicas climb around the seam, with one fall at most, may it be a counter;
 * - a fall that `to` saw itself and `from` had not seen yet is a reset, and kept;
 * - a lower value is a lag only if it is made up for within two intervals. If it is not, this is a reset that
 *   nobody watched, or replicas that really disagree, and kept as well.
 *
 * `interval` in ms. Looks at no sample further than six intervals from the seam.
 */
export function firstInStep(
  from: SampleColumns,
  last: number,
  to: SampleColumns,
  first: number,
  end: number,
  interval: number,
): number {
  const before = height(from, last);
  const lag = LAG_INTERVALS * interval;
  const since = from.t[last]! - lag;
  const until = to.t[first]! + lag;
  const lower = height(to, first) < before;
  const fallsBefore = countFalls(from, last - LOOK, last, since);
  if (!lower && fallsBefore === 0) return first;
  const near = LOOK_INTERVALS * interval;
  const ahead = firstAtOrAfter(to, to.t[first]! + near, first) - 1;
  if (countFalls(from, last - LOOK, last, from.t[last]! - near) > 1) return first;
  if (countFalls(to, first - LOOK, Math.min(first + LOOK, ahead), to.t[first]! - near) > 1) return first;

  const fallsAfter = countFalls(to, first - LOOK, first, since);
  if (fallsAfter > fallsBefore) return first;
  if (fallsAfter < fallsBefore) return firstFall(to, first, end, until);
  return lower && !fallsNext(from, last, to.t[first]!) ? firstAtHeight(to, first, end, until, before) : first;
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

/** Falls at samples (from, to] that are later than `since`. */
function countFalls(samples: SampleColumns, from: number, to: number, since: number): number {
  let falls = 0;
  for (let i = to; i > from && i > 0 && samples.t[i]! > since; i--) if (fallsAt(samples, i)) falls++;
  return falls;
}

/** True where the replica that is left saw a fall itself by the time of the first sample of the other. */
function fallsNext(samples: SampleColumns, last: number, until: number): boolean {
  const next = last + 1;
  return next < samples.length && samples.t[next]! <= until && fallsAt(samples, next);
}

/** The first sample behind `first` that falls, if there is one until then; else `first`. */
function firstFall(samples: SampleColumns, first: number, end: number, until: number): number {
  for (let i = first + 1; i < end && samples.t[i]! <= until; i++) if (fallsAt(samples, i)) return i;
  return first;
}

/** The first sample that has climbed to `target` without a fall, if there is one until then; else `first`. */
function firstAtHeight(
  samples: SampleColumns,
  first: number,
  end: number,
  until: number,
  target: number,
): number {
  for (let i = first + 1; i < end && samples.t[i]! <= until && !fallsAt(samples, i); i++)
    if (height(samples, i) >= target) return i;
  return first;
}
