import { bucketBound } from '../../../model/histogram/bounds.ts';
import { type FloatHistogram, usesCustomBuckets } from '../../../model/histogram/float-histogram.ts';

/** A bucket as interpolation sees it. */
export interface Bucket {
  lower: number;
  upper: number;
  count: number;
}

/**
 * The buckets of a histogram in ascending order, by position, without computing the bounds of all: negative ones, the
 * zero bucket where it is populated, positive ones. The same order and bounds as `allBuckets` of the model.
 */
export function bucketTotal(h: FloatHistogram): number {
  return h.negative.count.length + (h.zeroCount > 0 ? 1 : 0) + h.positive.count.length;
}

export function countAt(h: FloatHistogram, position: number): number {
  const negatives = h.negative.count.length;
  if (position < negatives) return h.negative.count[negatives - 1 - position]!;
  const inPositive = position - negatives - (h.zeroCount > 0 ? 1 : 0);
  return inPositive < 0 ? h.zeroCount : h.positive.count[inPositive]!;
}

/** Fills `bucket` with the one at `position`, cut off where it reaches into the zero bucket. */
export function loadBucket(h: FloatHistogram, position: number, bucket: Bucket): void {
  const { positive, negative, zeroThreshold } = h;
  bucket.count = countAt(h, position);
  const negatives = negative.count.length;
  const inPositive = position - negatives - (h.zeroCount > 0 ? 1 : 0);
  if (position < negatives) {
    const index = negative.index[negatives - 1 - position]!;
    bucket.lower = -bucketBound(h, index);
    bucket.upper = Math.min(-bucketBound(h, index - 1), -zeroThreshold);
  } else if (inPositive < 0) {
    bucket.lower = -zeroThreshold;
    bucket.upper = zeroThreshold;
  } else {
    const index = positive.index[inPositive]!;
    const lower = bucketBound(h, index - 1);
    bucket.lower = usesCustomBuckets(h) ? lower : Math.max(lower, zeroThreshold);
    bucket.upper = bucketBound(h, index);
  }
}
