import { sameBounds } from './custom-bounds.ts';
import { compactBuckets } from './compact.ts';
import { sameLayout } from './combine.ts';
import { type Buckets, type FloatHistogram, usesCustomBuckets } from './float-histogram.ts';

/**
 * Whether both hold the same data: counts and sums as numbers are the same (NaN equals NaN, 0 is not -0), empty
 * buckets do not matter, and neither do the reset hints (Prometheus: FloatHistogram.Equals of compacted histograms).
 */
export function histogramsEqual(a: FloatHistogram, b: FloatHistogram): boolean {
  return (
    a.schema === b.schema &&
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    a.zeroThreshold === b.zeroThreshold &&
    Object.is(a.zeroCount, b.zeroCount) &&
    (!usesCustomBuckets(a) || sameBounds(a.customValues, b.customValues)) &&
    bucketsEqual(a.positive, b.positive) &&
    bucketsEqual(a.negative, b.negative)
  );
}

function bucketsEqual(a: Buckets, b: Buckets): boolean {
  const [left, right] = [compactBuckets(a), compactBuckets(b)];
  if (!sameLayout(left.index, right.index)) return false;
  return left.count.every((count, i) => Object.is(count, right.count[i]));
}
