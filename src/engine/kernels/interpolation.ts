import { detectReset } from '../../model/histogram/detect-reset.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { multiplyHistogram } from '../../model/histogram/scale.ts';
import type { KernelNotes, RangeInput } from './range-kernel.ts';
import { mismatchedCustomBuckets, mixedExponentialCustomHistograms } from './remarks.ts';
import { addHistograms, subtractHistograms } from '../../model/histogram/combine.ts';

/** The value at `time` on the line from sample i to sample i + 1; a counter that was reset between rises from 0. */
export function floatBetween({ t, v }: RangeInput, i: number, time: number, isCounter: boolean): number {
  const after = v[i + 1]!;
  const before = isCounter && after < v[i]! ? 0 : v[i]!;
  return before + ((after - before) * (time - t[i]!)) / (t[i + 1]! - t[i]!);
}

/**
 * The histogram at `time` on the line from histogram i to histogram i + 1; a counter that was reset between rises
 * from nothing. Undefined, with a warning, where exponential and custom buckets meet.
 */
export function histogramBetween(
  { t, h, metricName }: RangeInput,
  i: number,
  time: number,
  isCounter: boolean,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const before = h!.at(i)!;
  const after = h!.at(i + 1)!;
  if (time === t[i]) return before;
  if (time === t[i + 1]) return after;
  const fraction = (time - t[i]!) / (t[i + 1]! - t[i]!);
  if (isCounter && detectReset(after, before)) return multiplyHistogram(after, fraction);
  const difference = subtractHistograms(after, before);
  const sum = difference && addHistograms(multiplyHistogram(difference.histogram, fraction), before);
  if (sum === undefined) {
    notes.warn(mixedExponentialCustomHistograms(metricName));
    return undefined;
  }
  if (difference?.boundsReconciled) notes.info(mismatchedCustomBuckets('subtraction'));
  if (sum.boundsReconciled) notes.info(mismatchedCustomBuckets('addition'));
  return sum.histogram;
}

/** The first index in [lo, hi) whose time is after `time` (`orAt`: or at it), else `hi`. */
export function firstAfter(t: Float64Array, lo: number, hi: number, time: number, orAt: boolean): number {
  let low = lo;
  let high = hi;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (t[middle]! > time || (orAt && t[middle] === time)) high = middle;
    else low = middle + 1;
  }
  return low;
}
