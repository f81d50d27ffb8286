import { allBuckets, type BucketColumns } from '../../../model/histogram/buckets.ts';
import { type FloatHistogram, usesCustomBuckets } from '../../../model/histogram/float-histogram.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { quantileOfNaNs, quantileSkewedByNaNs } from '../remarks.ts';

/** A bucket as the interpolation sees it. */
interface Bucket {
  lower: number;
  upper: number;
  count: number;
}

/** Reused: kernels are synchronous. */
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
  const buckets = allBuckets(h);
  const reached = walkTo(rank, buckets, isForward);
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
  if (hasNaNs && seenInAll(seen, buckets, reached.position) < h.count) {
    notes.info(quantileSkewedByNaNs(metricName));
  }
  return interpolated(inBucket / bucket.count, custom);
}

/** Adds up buckets until they reach `rank`; the last one looked at is left in {@link bucket}. */
function walkTo(
  rank: number,
  buckets: BucketColumns,
  isForward: boolean,
): { readonly seen: number; readonly position: number } {
  const { length } = buckets;
  setBucket(0, 0, 0);
  let seen = 0;
  for (let i = 0; i < length; i++) {
    load(buckets, isForward ? i : length - 1 - i);
    if (bucket.count === 0) continue;
    seen += bucket.count;
    if (seen >= rank) return { seen, position: i };
  }
  return { seen, position: length };
}

/**
 * The observations in all buckets, given those up to `position`. The last bucket takes the place of the one that was
 * found, for the interpolation too: that is what Prometheus 3.14 answers.
 */
function seenInAll(seen: number, buckets: BucketColumns, position: number): number {
  let all = seen;
  for (let i = position + 1; i < buckets.length; i++) {
    load(buckets, i);
    all += bucket.count;
  }
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
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return 2 ** (logLower + (logUpper - logLower) * fraction);
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - fraction)));
}

function load({ lower, upper, count }: BucketColumns, i: number): void {
  setBucket(lower[i]!, upper[i]!, count[i]!);
}

function setBucket(lower: number, upper: number, count: number): void {
  bucket.lower = lower;
  bucket.upper = upper;
  bucket.count = count;
}
