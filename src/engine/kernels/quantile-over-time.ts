import { placeNth } from './quantile/nth-number.ts';
import { isInvalidQuantile, sortedQuantile } from './quantile/sorted-quantile.ts';
import type { RangeKernel } from './range-kernel.ts';
import { invalidQuantile } from './remarks.ts';
import { SortedWindow } from './sorted-window.ts';

/** In windows of more samples than this, which no other step shares, the ranks are looked for without sorting. */
const LARGE = 65_536;

/** Kernels are synchronous, so one window and one scratch serve all series. */
const window = new SortedWindow();
let deviations = new Float64Array(256);

/** quantile_over_time of floats; the quantile is the scalar argument. */
export const floatQuantileOverTime: RangeKernel = (input, out, notes) => {
  const { v, lo, hi, stepCount, args } = input;
  const q = args[0]!;
  let noted: number | undefined;
  window.clear();
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! <= lo[step]!) continue;
    if (isInvalidQuantile(q[step]!) && !Object.is(noted, q[step])) notes.warn(invalidQuantile(q[step]!));
    noted = q[step];
    if (stepCount === 1 && hi[step]! - lo[step]! > LARGE) {
      out.setFloat(step, quantileOf(q[step]!, v.slice(lo[step], hi[step])));
      return;
    }
    window.moveTo(v, lo[step]!, hi[step]!);
    out.setFloat(step, sortedQuantile(q[step]!, window.numbers, window.count, window.nans));
  }
};

/** The same as of the sorted numbers, in a fraction of the time. Changes their order. */
function quantileOf(q: number, numbers: Float64Array): number {
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i]!;
    if (x === x) numbers[count++] = x;
  }
  const nans = numbers.length - count;
  const lower = Math.floor(q * (numbers.length - 1)) - nans;
  // The quantile reads this rank and the next.
  for (const rank of [lower, lower + 1]) if (rank >= 0 && rank < count) placeNth(numbers, count, rank);
  return sortedQuantile(q, numbers, count, nans);
}

/** The median distance from the median of numbers in any order, which it writes over. */
function deviationOf(numbers: Float64Array): number {
  if (numbers.some(Number.isNaN)) return NaN;
  const median = quantileOf(0.5, numbers);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.abs(numbers[i]! - median);
  return quantileOf(0.5, numbers);
}

/** mad_over_time of floats: the median distance from the median; NaN where any sample is. */
export const floatMadOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  window.clear();
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! <= lo[step]!) continue;
    if (stepCount === 1 && hi[step]! - lo[step]! > LARGE) {
      out.setFloat(step, deviationOf(v.slice(lo[step], hi[step])));
      return;
    }
    window.moveTo(v, lo[step]!, hi[step]!);
    out.setFloat(step, window.nans > 0 ? NaN : medianDeviation(window.numbers, window.count));
  }
};

/**
 * The distances from the median of sorted numbers ascend to both sides of it, so the nearest half is found by walking
 * outwards, and no other is looked at. Infinities cancel to NaN; there all distances are sorted.
 */
function medianDeviation(sorted: Float64Array, count: number): number {
  const median = sortedQuantile(0.5, sorted, count, 0);
  if (deviations.length < count) deviations = new Float64Array(count * 2);
  if (!Number.isFinite(sorted[0]!) || !Number.isFinite(sorted[count - 1]!))
    return medianOfAll(sorted, count, median);
  let above = count >>> 1;
  let below = above - 1;
  // The quantile reads the rank in the middle, or just below it, and the next.
  const needed = Math.min(count, ((count - 1) >>> 1) + 2);
  for (let i = 0; i < needed; i++) {
    const up = above < count ? Math.abs(sorted[above]! - median) : Infinity;
    const down = below >= 0 ? Math.abs(sorted[below]! - median) : Infinity;
    if (up <= down) {
      deviations[i] = up;
      above++;
    } else {
      deviations[i] = down;
      below--;
    }
  }
  return sortedQuantile(0.5, deviations, count, 0);
}

function medianOfAll(sorted: Float64Array, count: number, median: number): number {
  for (let i = 0; i < count; i++) deviations[i] = Math.abs(sorted[i]! - median);
  const order = deviations.subarray(0, count).sort();
  // Typed arrays sort NaN to the end, PromQL to the front.
  let numbers = count;
  while (numbers > 0 && Number.isNaN(order[numbers - 1])) numbers--;
  return sortedQuantile(0.5, order, numbers, count - numbers);
}
