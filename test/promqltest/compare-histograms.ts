import { sameBounds } from '../../src/model/histogram/custom-bounds.ts';
import { compactHistogram } from '../../src/model/histogram/compact.ts';
import type { Buckets, FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { almostEqual } from './almost-equal.ts';

/** Whether two histograms have the same populated buckets and, up to rounding, the same numbers in them. */
export function histogramsAlmostEqual(expected: FloatHistogram, actual: FloatHistogram): boolean {
  const [a, b] = [compactHistogram(expected), compactHistogram(actual)];
  return (
    a.schema === b.schema &&
    almostEqual(a.count, b.count) &&
    almostEqual(a.sum, b.sum) &&
    a.zeroThreshold === b.zeroThreshold &&
    almostEqual(a.zeroCount, b.zeroCount) &&
    sameBounds(a.customValues, b.customValues) &&
    bucketsAlmostEqual(a.positive, b.positive) &&
    bucketsAlmostEqual(a.negative, b.negative)
  );
}

function bucketsAlmostEqual(a: Buckets, b: Buckets): boolean {
  return (
    a.index.length === b.index.length &&
    a.index.every((index, i) => index === b.index[i]) &&
    a.count.every((count, i) => almostEqual(count, b.count[i]!))
  );
}
