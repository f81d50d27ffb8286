import { exponentialBound } from './bounds.ts';
import { type Buckets, type FloatHistogram } from './float-histogram.ts';

/**
 * The smallest zero threshold that is at least that of both exponential histograms and, where one has to be widened,
 * does not cut through one of its populated buckets.
 */
export function commonZeroThreshold(a: FloatHistogram, b: FloatHistogram): number {
  if (a.zeroThreshold === b.zeroThreshold) return a.zeroThreshold;
  let threshold = Math.max(a.zeroThreshold, b.zeroThreshold);
  for (;;) {
    const widened = settledThreshold(b, settledThreshold(a, threshold));
    if (widened === threshold) return threshold;
    threshold = widened;
  }
}

/** `threshold`, moved up to the end of the populated bucket of `h` that it cuts, if any. */
export function settledThreshold(h: FloatHistogram, threshold: number): number {
  if (threshold === h.zeroThreshold) return threshold;
  const { schema } = h;
  return Math.max(cutBound(h.positive, schema, threshold), cutBound(h.negative, schema, threshold));
}

function cutBound({ index, count }: Buckets, schema: number, threshold: number): number {
  for (let i = 0; i < index.length; i++) {
    if (exponentialBound(index[i]! - 1, schema) >= threshold) break;
    const upper = exponentialBound(index[i]!, schema);
    if (upper > threshold && count[i] !== 0) return upper;
  }
  return threshold;
}

/** How many buckets, counted from zero, begin below the threshold. */
export function bucketsWithin({ index }: Buckets, schema: number, threshold: number): number {
  let n = 0;
  while (n < index.length && exponentialBound(index[n]! - 1, schema) < threshold) n++;
  return n;
}

/** The zero count that `h` would have with the larger `threshold`, which must be a settled one. */
export function zeroCountUpTo(h: FloatHistogram, threshold: number): number {
  if (threshold === h.zeroThreshold) return h.zeroCount;
  let total = h.zeroCount;
  for (const buckets of [h.positive, h.negative]) {
    const within = bucketsWithin(buckets, h.schema, threshold);
    for (let i = 0; i < within; i++) total += buckets.count[i]!;
  }
  return total;
}

/** `h` with the larger, settled zero threshold: the buckets inside have gone into the zero bucket. */
export function widenZeroBucket(h: FloatHistogram, threshold: number): FloatHistogram {
  if (threshold === h.zeroThreshold) return h;
  return {
    ...h,
    zeroThreshold: threshold,
    zeroCount: zeroCountUpTo(h, threshold),
    positive: withoutFirst(h.positive, bucketsWithin(h.positive, h.schema, threshold)),
    negative: withoutFirst(h.negative, bucketsWithin(h.negative, h.schema, threshold)),
  };
}

function withoutFirst({ index, count }: Buckets, n: number): Buckets {
  return { index: index.subarray(n), count: count.subarray(n) };
}

/** Position of the first bucket whose upper bound lies above the threshold. */
export function firstAbove(index: Int32Array, schema: number, threshold: number): number {
  let n = 0;
  while (n < index.length && exponentialBound(index[n]!, schema) <= threshold) n++;
  return n;
}
