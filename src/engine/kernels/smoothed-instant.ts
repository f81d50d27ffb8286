import { type FloatHistogram, ResetHint, usesCustomBuckets } from '../../model/histogram/float-histogram.ts';
import type { StepRow } from '../step-row.ts';
import { firstAfter, floatBetween, histogramBetween } from './interpolation.ts';
import type { KernelNotes, RangeInput, RangeKernel } from './range-kernel.ts';
import { eitherKind } from './range-windows.ts';
import { mixedExponentialCustomHistograms } from './remarks.ts';

/**
 * An instant vector with `smoothed`: the value at windowEnd on the line between the samples around it, or the sample
 * before where none follows (Prometheus `smoothSeries`). Windows reach the lookback delta to both sides of windowEnd.
 */
export const smoothedInstant: RangeKernel = eitherKind(smoothedFloats, smoothedHistograms);

function smoothedFloats(input: RangeInput, out: StepRow): void {
  const { t, v, lo, hi, windowEnd, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    const at = windowEnd[step]!;
    const next = firstAfter(t, lo[step]!, hi[step]!, at, true);
    if (next < hi[step]! && t[next] === at) out.setFloat(step, v[next]!);
    else if (next === lo[step]) continue;
    else if (next < hi[step]!) out.setFloat(step, floatBetween(input, next - 1, at, false));
    else out.setFloat(step, v[next - 1]!);
  }
}

function smoothedHistograms(input: RangeInput, out: StepRow, notes: KernelNotes): void {
  const { t, h, lo, hi, windowEnd, stepCount } = input;
  for (let step = 0; step < stepCount; step++) {
    const at = windowEnd[step]!;
    const next = firstAfter(t, lo[step]!, hi[step]!, at, true);
    if (next < hi[step]! && t[next] === at) out.copyHistogram(step, h!, next);
    else if (next === lo[step] || hi[step]! <= lo[step]!) continue;
    else if (next < hi[step]!) {
      const between = smoothedBetween(input, next - 1, at, notes);
      if (between !== undefined) out.setHistogram(step, between);
    } else out.setHistogram(step, { ...h!.at(next - 1)!, resetHint: ResetHint.unknown });
  }
}

/** Histograms are taken for a counter unless both say that they are gauges. */
function smoothedBetween(
  input: RangeInput,
  i: number,
  at: number,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const before = input.h!.at(i)!;
  const after = input.h!.at(i + 1)!;
  if (usesCustomBuckets(before) !== usesCustomBuckets(after)) {
    notes.warn(mixedExponentialCustomHistograms(input.metricName));
    return undefined;
  }
  const gauges = before.resetHint === ResetHint.gauge && after.resetHint === ResetHint.gauge;
  return histogramBetween(input, i, at, !gauges, notes);
}
