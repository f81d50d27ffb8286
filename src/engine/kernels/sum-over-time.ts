import { isInfinite, roundingError } from './kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

/** sum_over_time of floats: Kahan summation from zero, window by window, so that no error carries over. */
export const floatSumOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! > lo[step]!) out.setFloat(step, sumOf(v, lo[step]!, hi[step]!));
  }
};

/** The first sample loses nothing; adding 0 makes -0 a 0, as a sum from zero would be. */
function sumOf(v: Float64Array, lo: number, hi: number): number {
  let sum = v[lo]! + 0;
  let lost = 0;
  for (let i = lo + 1; i < hi; i++) {
    const x = v[i]!;
    const next = sum + x;
    lost += roundingError(sum, x, next);
    sum = next;
  }
  return isInfinite(sum) ? sum : sum + lost;
}
