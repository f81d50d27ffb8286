import { isInfinite, kahanLost } from './kahan.ts';
import type { RangeKernel } from './range-kernel.ts';

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
  const initial = v[lo]!;
  let constant = true;
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
    const y = v[i]!;
    if (i > lo && y !== initial) constant = false;
    const x = (t[i]! - origin) / 1e3;
    let next = sumX + x;
    lostX = kahanLost(lostX, sumX, x, next);
    sumX = next;
    next = sumY + y;
    lostY = kahanLost(lostY, sumY, y, next);
    sumY = next;
    next = sumXY + x * y;
    lostXY = kahanLost(lostXY, sumXY, x * y, next);
    sumXY = next;
    next = sumXX + x * x;
    lostXX = kahanLost(lostXX, sumXX, x * x, next);
    sumXX = next;
  }
  if (constant) {
    line.slope = isInfinite(initial) ? NaN : 0;
    line.intercept = isInfinite(initial) ? NaN : initial;
    return;
  }
  const n = hi - lo;
  sumX += lostX;
  sumY += lostY;
  sumXY += lostXY;
  sumXX += lostXX;
  const covariance = sumXY - (sumX * sumY) / n;
  const variance = sumXX - (sumX * sumX) / n;
  line.slope = covariance / variance;
  line.intercept = sumY / n - (line.slope * sumX) / n;
}
