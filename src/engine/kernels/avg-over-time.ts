import { isInfinite, kahanLost } from './kahan.ts';
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
    if (isInfinite(next)) return runningMean(v, lo, hi, i, sum, lost);
    lost = kahanLost(lost, sum, x, next);
    sum = next;
  }
  const count = hi - lo;
  return sum / count + lost / count;
}

/** Goes on from sample `at`, the first that the sum of those before it could not take. */
function runningMean(v: Float64Array, lo: number, hi: number, at: number, sum: number, lost: number): number {
  let mean = sum / (at - lo);
  let meanLost = lost / (at - lo);
  for (let i = at; i < hi; i++) {
    const count = i - lo + 1;
    const q = (count - 1) / count;
    const share = v[i]! / count;
    const shrunk = q * mean;
    const next = shrunk + share;
    meanLost = kahanLost(q * meanLost, shrunk, share, next);
    mean = next;
  }
  return mean + meanLost;
}
