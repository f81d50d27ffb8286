import { isInvalidQuantile, sortedQuantile } from './quantile/sorted-quantile.ts';
import type { RangeKernel } from './range-kernel.ts';
import { invalidQuantile } from './remarks.ts';
import { SortedWindow } from './sorted-window.ts';

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
    window.moveTo(v, lo[step]!, hi[step]!);
    if (isInvalidQuantile(q[step]!) && !Object.is(noted, q[step])) notes.warn(invalidQuantile(q[step]!));
    noted = q[step];
    out.setFloat(step, sortedQuantile(q[step]!, window.numbers, window.count, window.nans));
  }
};

/** mad_over_time of floats: the median distance from the median; NaN where any sample is. */
export const floatMadOverTime: RangeKernel = (input, out) => {
  const { v, lo, hi, stepCount } = input;
  window.clear();
  for (let step = 0; step < stepCount; step++) {
    if (hi[step]! <= lo[step]!) continue;
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
