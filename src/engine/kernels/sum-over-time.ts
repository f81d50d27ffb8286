import { isInfinite, roundingError } from './kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

/** sum_over_time of floats: Kahan summation from zero, window by window, so that no error carries over. */
export const floatSumOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    const end = hi[step]!;
    let i = lo[step]!;
    if (end <= i) continue;
    let sum = 0;
    let lost = 0;
    for (; i < end; i++) {
      const x = v[i]!;
      const next = sum + x;
      lost += roundingError(sum, x, next);
      sum = next;
    }
    out.setFloat(step, isInfinite(sum) ? sum : sum + lost);
  }
};
