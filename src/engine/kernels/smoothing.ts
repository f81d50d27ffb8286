import { QueryError } from '../../model/errors.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';
import { floatsOnly } from './range-windows.ts';

/**
 * double_exponential_smoothing (Holt's linear method): arguments are the smoothing and the trend factor.
 * Rejects the query with kind `execution` where a factor is not between 0 and 1.
 */
export const doubleExponentialSmoothing: RangeKernel = (input, out, notes) => {
  checkFactors(input);
  smoothFloats(input, out, notes);
};

const smoothFloats: RangeKernel = floatsOnly((input, out) => {
  const { v, lo, hi, stepCount, args } = input;
  const smoothing = args[0]!;
  const trend = args[1]!;
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! - lo[step]! < 2) continue;
    out.setFloat(step, smoothed(v, lo[step]!, hi[step]!, smoothing[step]!, trend[step]!));
  }
});

/** Looks at every step with samples, even where they are histograms that the function then ignores. */
function checkFactors({ stepCount, lo, hi, args }: RangeInput): void {
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! <= lo[step]!) continue;
    const smoothing = args[0]![step]!;
    const trend = args[1]![step]!;
    if (smoothing <= 0 || smoothing >= 1) throw invalidFactor('smoothing', 'sf', smoothing);
    if (trend <= 0 || trend >= 1) throw invalidFactor('trend', 'tf', trend);
  }
}

function invalidFactor(name: string, symbol: string, value: number): QueryError {
  const got = sixDecimals(value);
  return new QueryError('execution', `invalid ${name} factor. Expected: 0 < ${symbol} < 1, got: ${got}`);
}

/** Go's `%f`: never with an exponent. */
function sixDecimals(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0.000000';
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`;
}

function smoothed(v: Float64Array, lo: number, hi: number, smoothing: number, trend: number): number {
  let before = 0;
  let now = v[lo]!;
  let slope = v[lo + 1]! - v[lo]!;
  for (let i = lo + 1; i < hi; i++) {
    if (i > lo + 1) slope = trend * (now - before) + (1 - trend) * slope;
    const level = smoothing * v[i]! + (1 - smoothing) * (now + slope);
    before = now;
    now = level;
  }
  return now;
}
