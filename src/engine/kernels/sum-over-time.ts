import { isInfinite, roundingError } from '../../model/kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

/** sum_over_time of floats: Kahan summation from zero, window by window, so that no error carries over. */
export const floatSumOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! > lo[step]!) out.setFloat(step, sumOf(v, lo[step]!, hi[step]!));
  }
};

/** The Kahan sum of v[lo, hi), which is not empty. */
export function sumOf(v: Float64Array, lo: number, hi: number): number {
  let sum = v[lo]!;
  let lost = 0;
  for (let i = lo + 1; i < hi; i++) {
    const x = v[i]!;
    const next = sum + x;
    // twoSumError, inlined on purpose: in this loop the call costs half as long again.
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
