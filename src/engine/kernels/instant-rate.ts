import { compactHistogram } from '../../model/histogram/compact.ts';
import { detectReset } from '../../model/histogram/detect-reset.ts';
import { type FloatHistogram, ResetHint } from '../../model/histogram/float-histogram.ts';
import { divideHistogram } from '../../model/histogram/scale.ts';
import type { KernelNotes, RangeInput, RangeKernel } from './range-kernel.ts';
import {
  mismatchedCustomBuckets,
  mixedExponentialCustomHistograms,
  mixedFloatsHistograms,
  nativeHistogramNotCounter,
  nativeHistogramNotGauge,
} from './remarks.ts';
import { isStartReset } from './start-timestamps.ts';
import { subtractHistograms } from '../../model/histogram/combine.ts';

/** irate: the rate between the last two samples of a counter. */
export const instantRate: RangeKernel = lastTwo(true);

/** idelta: the difference of the last two samples of a gauge. */
export const instantDelta: RangeKernel = lastTwo(false);

function lastTwo(isRate: boolean): RangeKernel {
  return (input, out, notes) => {
    const { t, v, h, lo, hi, stepCount } = input;
    for (let step = 0; step < stepCount; step++) {
      const last = hi[step]! - 1;
      if (last <= lo[step]!) continue;
      const seconds = (t[last]! - t[last - 1]!) / 1000;
      const before = h?.at(last - 1);
      const after = h?.at(last);
      if (before === undefined && after === undefined) {
        const restarted = isRate && (v[last]! < v[last - 1]! || startsAnew(input, last));
        const difference = restarted ? v[last]! : v[last]! - v[last - 1]!;
        out.setFloat(step, isRate ? difference / seconds : difference);
      } else if (before === undefined || after === undefined) {
        notes.warn(mixedFloatsHistograms(input.metricName));
      } else {
        const difference = histogramDifference(input, last, before, after, isRate, notes);
        if (difference !== undefined) {
          out.setHistogram(step, isRate ? divideHistogram(difference, seconds) : difference);
        }
      }
    }
  };
}

function startsAnew({ t, st }: RangeInput, i: number): boolean {
  return st !== undefined && isStartReset(st[i - 1]!, t[i - 1]!, st[i]!, t[i]!);
}

function histogramDifference(
  input: RangeInput,
  last: number,
  before: FloatHistogram,
  after: FloatHistogram,
  isRate: boolean,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const gauges =
    (before.resetHint === ResetHint.gauge ? 1 : 0) + (after.resetHint === ResetHint.gauge ? 1 : 0);
  if (isRate && gauges > 0) notes.warn(nativeHistogramNotCounter(input.metricName));
  if (!isRate && gauges < 2) notes.warn(nativeHistogramNotGauge(input.metricName));
  if (isRate && (startsAnew(input, last) || detectReset(after, before))) {
    return { ...compactHistogram(after), resetHint: ResetHint.gauge };
  }
  const difference = subtractHistograms(after, before);
  if (difference === undefined) {
    notes.warn(mixedExponentialCustomHistograms(input.metricName));
    return undefined;
  }
  if (difference.boundsReconciled) notes.info(mismatchedCustomBuckets('subtraction'));
  return { ...compactHistogram(difference.histogram), resetHint: ResetHint.gauge };
}
