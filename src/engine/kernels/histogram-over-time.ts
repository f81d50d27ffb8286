import { HistogramMean } from '../../model/histogram/histogram-mean.ts';
import { HistogramSum } from '../../model/histogram/histogram-sum.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import type { HistogramColumn } from '../../model/histogram/histogram-column.ts';
import type { KernelNotes, RangeKernel } from './range-kernel.ts';
import {
  counterResetCollision,
  mismatchedCustomBuckets,
  mixedExponentialCustomHistograms,
} from './remarks.ts';

type Accumulator = HistogramSum | HistogramMean;

/** sum_over_time of windows that hold histograms alone. */
export const histogramSumOverTime: RangeKernel = accumulated((first) => new HistogramSum(first));

/** avg_over_time of windows that hold histograms alone. */
export const histogramAvgOverTime: RangeKernel = accumulated((first) => new HistogramMean(first));

function accumulated(start: (first: FloatHistogram) => Accumulator): RangeKernel {
  return ({ h, lo, hi, stepCount, metricName }, out, notes) => {
    for (let step = 0; step < stepCount; step++) {
      if (hi[step]! <= lo[step]!) continue;
      const accumulator = start(h!.at(lo[step]!)!);
      if (addAll(accumulator, h!, lo[step]! + 1, hi[step]!, notes))
        out.setHistogram(step, accumulator.value());
      else notes.warn(mixedExponentialCustomHistograms(metricName));
    }
  };
}

/** Adds the histograms [from, to); false where exponential and custom buckets meet, which leaves nothing else to say. */
function addAll(
  accumulator: Accumulator,
  h: HistogramColumn,
  from: number,
  to: number,
  notes: KernelNotes,
): boolean {
  let reconciled = false;
  for (let i = from; i < to; i++) {
    const outcome = accumulator.add(h.at(i)!);
    if (outcome === 'incompatible') return false;
    if (outcome === 'reconciled') reconciled = true;
  }
  if (accumulator.resetHintsCollide) notes.warn(counterResetCollision('aggregation'));
  if (reconciled) notes.info(mismatchedCustomBuckets('aggregation'));
  return true;
}
