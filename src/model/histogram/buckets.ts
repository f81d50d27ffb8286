import { bucketBound } from './bounds.ts';
import { type FloatHistogram, usesCustomBuckets } from './float-histogram.ts';

/** Which bounds belong to a bucket, numbered as in the `buckets` of the HTTP API. */
export const BoundaryRule = { openLeft: 0, openRight: 1, openBoth: 2, closedBoth: 3 } as const;
export type BoundaryRule = (typeof BoundaryRule)[keyof typeof BoundaryRule];

/** All buckets of a histogram in ascending order, as parallel columns. */
export interface BucketColumns {
  readonly length: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly count: Float64Array;
  /** A {@link BoundaryRule} a bucket. */
  readonly rule: Uint8Array;
}

/**
 * Negative buckets, the zero bucket where its count is above zero, positive buckets. Buckets that reach into the zero
 * bucket are cut off at its threshold. Buckets without observations are there as they are in the histogram.
 *
 * `nominal` is for text: bounds are not cut, and the zero bucket is there with a negative or NaN count as well.
 */
export function allBuckets(h: FloatHistogram, bounds: 'cut' | 'nominal' = 'cut'): BucketColumns {
  const { positive, negative, zeroThreshold } = h;
  const cut = bounds === 'cut' ? zeroThreshold : 0;
  const hasZero = bounds === 'cut' ? h.zeroCount > 0 : h.zeroCount !== 0;
  const length = negative.index.length + positive.index.length + (hasZero ? 1 : 0);
  const columns = {
    length,
    lower: new Float64Array(length),
    upper: new Float64Array(length),
    count: new Float64Array(length),
    rule: new Uint8Array(length),
  };
  let at = 0;
  for (let i = negative.index.length - 1; i >= 0; i--) {
    const index = negative.index[i]!;
    const upper = -bucketBound(h, index - 1);
    columns.lower[at] = -bucketBound(h, index);
    columns.upper[at] = upper > -cut ? -cut : upper;
    columns.rule[at] = BoundaryRule.openRight;
    columns.count[at++] = negative.count[i]!;
  }
  if (hasZero) {
    columns.lower[at] = -zeroThreshold;
    columns.upper[at] = zeroThreshold;
    columns.rule[at] = BoundaryRule.closedBoth;
    columns.count[at++] = h.zeroCount;
  }
  const custom = usesCustomBuckets(h);
  for (let i = 0; i < positive.index.length; i++) {
    const index = positive.index[i]!;
    const lower = bucketBound(h, index - 1);
    columns.lower[at] = !custom && lower < cut ? cut : lower;
    columns.upper[at] = bucketBound(h, index);
    columns.rule[at] = custom && index === 0 ? BoundaryRule.closedBoth : BoundaryRule.openLeft;
    columns.count[at++] = positive.count[i]!;
  }
  return columns;
}
