import { type FloatHistogram, usesCustomBuckets } from '../../../model/histogram/float-histogram.ts';
import { exp2, log2 } from '../../../model/logarithms.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { quantileOfNaNs, quantileSkewedByNaNs } from '../remarks.ts';
import { type Bucket, bucketTotal, countAt, loadBucket } from './bucket-order.ts';

/** The bucket that holds the quantile. Reused: kernels are synchronous. */
const bucket: Bucket = { lower: 0, upper: 0, count: 0 };

/**
 * The φ-quantile of a native histogram: exponential inside of exponential buckets, linear in custom buckets and around
 * zero (Prometheus `HistogramQuantile`). Ranks above the median are counted from the top. NaN observations are in no
 * bucket; they count as greater than all, and `notes` says so.
 *
 * @returns NaN without observations; ±Inf for a `q` outside of 0 to 1.
 */
export function nativeQuantile(q: number, h: FloatHistogram, metricName: string, notes: KernelNotes): number {
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  if (h.count === 0 || q !== q) return NaN;

  const hasNaNs = h.sum !== h.sum;
  const isForward = hasNaNs || q < 0.5;
  const rank = (isForward ? q : 1 - q) * h.count;
  const reached = walkTo(rank, h, isForward);
  const custom = usesCustomBuckets(h);
  if (custom) {
    if (bucket.lower === -Infinity) {
      if (bucket.upper <= 0) return bucket.upper;
      bucket.lower = 0;
    } else if (bucket.upper === Infinity) return bucket.lower;
  } else narrowZeroBucket(h, bucket);

  const seen = reached.seen > h.count ? h.count : reached.seen;
  if (seen < rank) {
    if (!hasNaNs) return bucket.upper;
    notes.info(quantileOfNaNs(metricName));
    return NaN;
  }
  const inBucket = isForward ? rank - (seen - bucket.count) : seen - rank;
  if (hasNaNs && seenInAll(seen, h, reached.position) < h.count) {
    notes.info(quantileSkewedByNaNs(metricName));
  }
  return interpolated(inBucket / bucket.count, custom);
}

/** Adds up buckets until they reach `rank`; the last one looked at is left in {@link bucket}. */
function walkTo(
  rank: number,
  h: FloatHistogram,
  isForward: boolean,
): { readonly seen: number; readonly position: number } {
  const total = bucketTotal(h);
  let seen = 0;
  let i = 0;
  for (; i < total; i++) {
    const count = countAt(h, isForward ? i : total - 1 - i);
    seen += count;
    if (count !== 0 && seen >= rank) break;
  }
  if (total === 0) Object.assign(bucket, { lower: 0, upper: 0, count: 0 });
  else {
    const looked = Math.min(i, total - 1);
    loadBucket(h, isForward ? looked : total - 1 - looked, bucket);
  }
  return { seen, position: i };
}

/**
 * The observations in all buckets, given those up to `position`. The last bucket takes the place of the one that was
 * found, for the interpolation too: that is what Prometheus 3.14 answers.
 */
function seenInAll(seen: number, h: FloatHistogram, position: number): number {
  const total = bucketTotal(h);
  let all = seen;
  for (let i = position + 1; i < total; i++) all += countAt(h, i);
  if (position + 1 < total) loadBucket(h, total - 1, bucket);
  return all;
}

/** A histogram with buckets on one side only is taken to end at zero. */
function narrowZeroBucket(h: FloatHistogram, around: Bucket): void {
  if (!(around.lower < 0 && around.upper > 0)) return;
  const positive = h.positive.index.length > 0;
  const negative = h.negative.index.length > 0;
  if (positive && !negative) around.lower = 0;
  else if (negative && !positive) around.upper = 0;
}

/** The value at a fraction of {@link bucket}. */
function interpolated(fraction: number, custom: boolean): number {
  const { lower, upper } = bucket;
  if (custom || (lower <= 0 && upper >= 0)) return lower + (upper - lower) * fraction;
  const logLower = log2(Math.abs(lower));
  const logUpper = log2(Math.abs(upper));
  if (lower > 0) return exp2(logLower + (logUpper - logLower) * fraction);
  return -exp2(logUpper + (logLower - logUpper) * (1 - fraction));
}
