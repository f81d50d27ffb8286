import {
  type Buckets,
  type FloatHistogram,
  NO_BUCKETS,
  ResetHint,
  usesCustomBuckets,
} from './float-histogram.ts';

/** Multiplies all counts and the sum. A negative factor makes a gauge of it, because counters cannot be negative. */
export function multiplyHistogram(h: FloatHistogram, factor: number): FloatHistogram {
  return {
    ...h,
    resetHint: factor < 0 ? ResetHint.gauge : h.resetHint,
    count: h.count * factor,
    sum: h.sum * factor,
    zeroCount: usesCustomBuckets(h) ? 0 : h.zeroCount * factor,
    positive: multiplied(h.positive, factor),
    negative: multiplied(h.negative, factor),
  };
}

/** Divides all counts and the sum. Zero as divisor leaves infinite (or NaN) totals and no buckets. */
export function divideHistogram(h: FloatHistogram, divisor: number): FloatHistogram {
  return {
    ...h,
    resetHint: divisor < 0 ? ResetHint.gauge : h.resetHint,
    count: h.count / divisor,
    sum: h.sum / divisor,
    zeroCount: usesCustomBuckets(h) ? 0 : h.zeroCount / divisor,
    positive: divided(h.positive, divisor),
    negative: divided(h.negative, divisor),
  };
}

function multiplied(buckets: Buckets, factor: number): Buckets {
  const count = buckets.count.slice();
  for (let i = 0; i < count.length; i++) count[i]! *= factor;
  return { index: buckets.index, count };
}

function divided(buckets: Buckets, divisor: number): Buckets {
  if (divisor === 0) return NO_BUCKETS;
  const count = buckets.count.slice();
  for (let i = 0; i < count.length; i++) count[i]! /= divisor;
  return { index: buckets.index, count };
}
