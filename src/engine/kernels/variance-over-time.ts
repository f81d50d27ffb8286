import type { StepRow } from '../step-row.ts';
import { kahanLost, roundingError } from '../../model/kahan.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';

/** Variances of the two windows of {@link varianceOfTwo}. */
const pair = new Float64Array(2);

/** stdvar_over_time of floats, or stddev_over_time with the root of it: Welford's method on Kahan sums. */
export function varianceOverTime(takeRoot: boolean): RangeKernel {
  return (input, out) => {
    variances(input, out);
    if (takeRoot) for (let step = 0; step < input.stepCount; step++) out.v[step] = Math.sqrt(out.v[step]!);
  };
}

/** Each number waits for the one before it, so two windows of equal length are computed in the time of one. */
function variances({ v, lo, hi, stepCount }: RangeInput, out: StepRow): void {
  for (let step = 0; step < stepCount; step++) {
    const first = lo[step]!;
    const count = hi[step]! - first;
    if (count <= 0) continue;
    if (step + 1 === stepCount || hi[step + 1]! - lo[step + 1]! !== count) {
      out.setFloat(step, varianceOf(v, first, count));
      continue;
    }
    const second = lo[step + 1]!;
    varianceOfTwo(v, first, second, count);
    out.setFloat(step, Number.isFinite(pair[0]) ? pair[0]! : varianceOf(v, first, count));
    step++;
    out.setFloat(step, Number.isFinite(pair[1]) ? pair[1]! : varianceOf(v, second, count));
  }
}

/** Variances of v[a, a + count) and v[b, b + count) into {@link pair}; not finite where a sum overflows. */
function varianceOfTwo(v: Float64Array, a: number, b: number, count: number): void {
  let meanA = 0;
  let meanLostA = 0;
  let squaresA = 0;
  let squaresLostA = 0;
  let meanB = 0;
  let meanLostB = 0;
  let squaresB = 0;
  let squaresLostB = 0;
  for (let i = 0; i < count; i++) {
    const xA = v[a + i]!;
    const xB = v[b + i]!;
    const deltaA = xA - (meanA + meanLostA);
    const deltaB = xB - (meanB + meanLostB);
    const shareA = deltaA / (i + 1);
    const shareB = deltaB / (i + 1);
    const nextMeanA = meanA + shareA;
    const nextMeanB = meanB + shareB;
    meanLostA += roundingError(meanA, shareA, nextMeanA);
    meanLostB += roundingError(meanB, shareB, nextMeanB);
    meanA = nextMeanA;
    meanB = nextMeanB;

    const squareA = deltaA * (xA - (meanA + meanLostA));
    const squareB = deltaB * (xB - (meanB + meanLostB));
    const nextSquaresA = squaresA + squareA;
    const nextSquaresB = squaresB + squareB;
    squaresLostA += roundingError(squaresA, squareA, nextSquaresA);
    squaresLostB += roundingError(squaresB, squareB, nextSquaresB);
    squaresA = nextSquaresA;
    squaresB = nextSquaresB;
  }
  pair[0] = (squaresA + squaresLostA) / count;
  pair[1] = (squaresB + squaresLostB) / count;
}

function varianceOf(v: Float64Array, first: number, count: number): number {
  let mean = 0;
  let meanLost = 0;
  let squares = 0;
  let squaresLost = 0;
  for (let i = 0; i < count; i++) {
    const x = v[first + i]!;
    const delta = x - (mean + meanLost);
    const share = delta / (i + 1);
    const nextMean = mean + share;
    meanLost = kahanLost(meanLost, mean, share, nextMean);
    mean = nextMean;

    const square = delta * (x - (mean + meanLost));
    const nextSquares = squares + square;
    squaresLost = kahanLost(squaresLost, squares, square, nextSquares);
    squares = nextSquares;
  }
  return (squares + squaresLost) / count;
}
