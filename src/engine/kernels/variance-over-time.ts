import { kahanLost } from './kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

/** stdvar_over_time of floats, or stddev_over_time with the root of it: Welford's method on Kahan sums. */
export function varianceOverTime(takeRoot: boolean): RangeKernel {
  return (input, out) => {
    const { v, lo, hi, stepCount } = input;
    for (let step = 0; step < stepCount; step++) {
      if (hi[step]! <= lo[step]!) continue;
      const variance = varianceOf(v, lo[step]!, hi[step]!);
      out.setFloat(step, takeRoot ? Math.sqrt(variance) : variance);
    }
  };
}

function varianceOf(v: Float64Array, lo: number, hi: number): number {
  let mean = 0;
  let meanLost = 0;
  let squares = 0;
  let squaresLost = 0;
  for (let i = lo; i < hi; i++) {
    const x = v[i]!;
    const delta = x - (mean + meanLost);
    const share = delta / (i - lo + 1);
    const nextMean = mean + share;
    meanLost = kahanLost(meanLost, mean, share, nextMean);
    mean = nextMean;

    const square = delta * (x - (mean + meanLost));
    const nextSquares = squares + square;
    squaresLost = kahanLost(squaresLost, squares, square, nextSquares);
    squares = nextSquares;
  }
  return (squares + squaresLost) / (hi - lo);
}
