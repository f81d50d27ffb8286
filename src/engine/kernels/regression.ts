import { isInfinite, kahanLost, twoSumError } from '../../model/kahan.ts';
import type { RangeKernel } from './range-kernel.ts';
import { sumOf } from './sum-over-time.ts';

interface Line {
  slope: number;
  intercept: number;
}

/** The result of {@link fitLine}, reused: kernels are synchronous. */
const line: Line = { slope: 0, intercept: 0 };

/** deriv of floats: the slope per second of the line through the window. */
export const floatDeriv: RangeKernel = (input, out) => {
  const { t, v, lo, hi, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! - lo[step]! < 2) continue;
    // Counting time from a sample keeps the squares small.
    fitLine(t, v, lo[step]!, hi[step]!, t[lo[step]!]!);
    out.setFloat(step, line.slope);
  }
};

/** predict_linear of floats: the line's value as many seconds after the evaluation time as the argument says. */
export const floatPredictLinear: RangeKernel = (input, out) => {
  const { t, v, lo, hi, stepCount, stepTime, args } = input;
  const ahead = args[0]!;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! - lo[step]! < 2) continue;
    fitLine(t, v, lo[step]!, hi[step]!, stepTime[step]!);
    out.setFloat(step, line.slope * ahead[step]! + line.intercept);
  }
};

/**
 * Least squares through the samples [lo, hi) on Kahan sums (Prometheus `linearRegression`), into {@link line}: slope
 * per second, intercept at `origin` (ms). A constant is its own line; constant infinity has none.
 */
function fitLine(t: Float64Array, v: Float64Array, lo: number, hi: number, origin: number): void {
  if (isConstant(v, lo, hi)) {
    line.slope = isInfinite(v[lo]!) ? NaN : 0;
    line.intercept = isInfinite(v[lo]!) ? NaN : v[lo]!;
    return;
  }
  let sumX = 0;
  let lostX = 0;
  let sumY = 0;
  let lostY = 0;
  let sumXY = 0;
  let lostXY = 0;
  let sumXX = 0;
  let lostXX = 0;
  // Inlined on purpose: four sums in one pass, each with its compensation in a local.
  for (let i = lo; i < hi; i++) {
    const x = (t[i]! - origin) / 1e3;
    const y = v[i]!;
    const xy = x * y;
    const xx = x * x;
    let next = sumX + x;
    lostX += twoSumError(sumX, x, next);
    sumX = next;
    next = sumY + y;
    lostY += twoSumError(sumY, y, next);
    sumY = next;
    next = sumXY + xy;
    lostXY += twoSumError(sumXY, xy, next);
    sumXY = next;
    next = sumXX + xx;
    lostXX += twoSumError(sumXX, xx, next);
    sumXX = next;
  }
  // Times and their squares are far from overflowing.
  sumX += lostX;
  sumXX += lostXX;
  sumY = Number.isFinite(sumY + lostY) ? sumY + lostY : sumOf(v, lo, hi);
  sumXY = Number.isFinite(sumXY + lostXY) ? sumXY + lostXY : carefulSumOfXY(t, v, lo, hi, origin);
  const n = hi - lo;
  const covariance = sumXY - (sumX * sumY) / n;
  const variance = sumXX - (sumX * sumX) / n;
  line.slope = covariance / variance;
  line.intercept = sumY / n - (line.slope * sumX) / n;
}

function isConstant(v: Float64Array, lo: number, hi: number): boolean {
  const initial = v[lo]!;
  for (let i = lo + 1; i < hi; i++) if (v[i] !== initial) return false;
  return true;
}

/** For products whose sum is not finite, or not on the way there. */
function carefulSumOfXY(t: Float64Array, v: Float64Array, lo: number, hi: number, origin: number): number {
  let sum = 0;
  let lost = 0;
  for (let i = lo; i < hi; i++) {
    const xy = ((t[i]! - origin) / 1e3) * v[i]!;
    const next = sum + xy;
    lost = kahanLost(lost, sum, xy, next);
    sum = next;
  }
  return sum + lost;
}
