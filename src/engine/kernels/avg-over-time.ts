import { isInfinite, kahanLost, roundingError } from '../../model/kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

/** avg_over_time of floats: the Kahan sum over the count, or the running mean once the sum would overflow. */
export const floatAvgOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! > lo[step]!) out.setFloat(step, mean(v, lo[step]!, hi[step]!));
  }
};

function mean(v: Float64Array, lo: number, hi: number): number {
  let sum = v[lo]!;
  let lost = 0;
  for (let i = lo + 1; i < hi; i++) {
    const x = v[i]!;
    const next = sum + x;
    lost += roundingError(sum, x, next);
    sum = next;
  }
  const count = hi - lo;
  // An overflow on the way cannot have come back from infinity, so looking at the end is enough.
  return Number.isFinite(sum) ? sum / count + lost / count : runningMean(v, lo, hi);
}

/** Sums while that is possible, then carries the mean on from the first sample that the sum could not take. */
function runningMean(v: Float64Array, lo: number, hi: number): number {
  let mean = v[lo]!;
  let lost = 0;
  let summed = 1;
  for (; lo + summed < hi; summed++) {
    const x = v[lo + summed]!;
    const next = mean + x;
    if (isInfinite(next)) break;
    lost += roundingError(mean, x, next);
    mean = next;
  }
  mean /= summed;
  lost /= summed;
  for (let i = lo + summed; i < hi; i++) {
    const count = i - lo + 1;
    const q = (count - 1) / count;
    const share = v[i]! / count;
    const shrunk = q * mean;
    const next = shrunk + share;
    lost = kahanLost(q * lost, shrunk, share, next);
    mean = next;
  }
  return mean + lost;
}
