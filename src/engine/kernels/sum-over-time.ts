import { isInfinite, roundingError } from './kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

/** sum_over_time of floats: Kahan summation from zero, window by window, so that no error carries over. */
export const floatSumOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! > lo[step]!) out.setFloat(step, sumOf(v, lo[step]!, hi[step]!));
  }
};

/**
 * Knuth's TwoSum finds the same error as {@link roundingError} with more operations and no branch: which of two numbers
 * is larger no processor can predict. Only next to the largest float64 can a difference on the way overflow.
 */
function sumOf(v: Float64Array, lo: number, hi: number): number {
  let sum = v[lo]!;
  let lost = 0;
  for (let i = lo + 1; i < hi; i++) {
    const x = v[i]!;
    const next = sum + x;
    const added = next - sum;
    lost += sum - (next - added) + (x - added);
    sum = next;
  }
  // The loss is 0 at least, which makes of a sum of -0 the 0 that it is from zero.
  const total = sum + lost;
  return Number.isFinite(total) ? total : carefulSumOf(v, lo, hi);
}

/** For sums that are not finite, or not on the way there. */
function carefulSumOf(v: Float64Array, lo: number, hi: number): number {
  let sum = 0;
  let lost = 0;
  for (let i = lo; i < hi; i++) {
    const x = v[i]!;
    const next = sum + x;
    lost += roundingError(sum, x, next);
    sum = next;
  }
  return isInfinite(sum) ? sum : sum + lost;
}
