import { type Combined, addHistograms, subtractHistograms } from '../../model/histogram/combine.ts';
import { compactHistogram } from '../../model/histogram/compact.ts';
import { detectReset } from '../../model/histogram/detect-reset.ts';
import { type FloatHistogram, ResetHint, usesCustomBuckets } from '../../model/histogram/float-histogram.ts';
import { divideHistogram } from '../../model/histogram/scale.ts';
import { rangeSeconds } from './extrapolation.ts';
import { type ExtendedEdges, type Extent, findEdges } from './extended-edges.ts';
import { histogramBetween } from './interpolation.ts';
import type { KernelNotes, RangeInput, RangeKernel } from './range-kernel.ts';
import type { RateKind } from './rate.ts';
import {
  type HistogramOperation,
  mismatchedCustomBuckets,
  mixedExponentialCustomHistograms,
  nativeHistogramNotCounter,
  nativeHistogramNotGauge,
} from './remarks.ts';

/** Reused: kernels are synchronous. */
const edges: ExtendedEdges = { first: 0, last: 0 };

/** What {@link extendedFloatRate} does, for windows of histograms alone (Prometheus `extendedHistogramRate`). */
export function extendedHistogramRate(kind: RateKind, extent: Extent): RangeKernel {
  return (input, out, notes) => {
    const { lo, hi, windowStart, windowEnd, stepCount } = input;
    for (let step = 0; step < stepCount; step++) {
      if (hi[step]! <= lo[step]! || !findEdges(input, step, extent, edges)) continue;
      const rise = riseBetweenEdges(input, step, kind.isCounter, extent, notes);
      if (rise === undefined) continue;
      const seconds = rangeSeconds(windowStart[step]!, windowEnd[step]!);
      const result = kind.perSecond ? divideHistogram(rise, seconds) : rise;
      out.setHistogram(step, { ...compactHistogram(result), resetHint: ResetHint.gauge });
    }
  };
}

function riseBetweenEdges(
  input: RangeInput,
  step: number,
  isCounter: boolean,
  extent: Extent,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const { t, h, lo, windowStart, windowEnd, metricName } = input;
  const start = windowStart[step]!;
  const end = windowEnd[step]!;
  const { first, last } = edges;
  if (!isUniform(input, first, last, isCounter, notes)) return undefined;

  const smoothed = extent === 'smoothed';
  const cutsLeft = smoothed && t[first]! < start;
  const left = cutsLeft ? histogramBetween(input, first, start, isCounter, notes) : h!.at(first)!;
  if (left === undefined) return undefined;
  const cutsRight = smoothed && last > lo[step]! && t[last]! > end;
  const right = cutsRight ? histogramBetween(input, last - 1, end, isCounter, notes) : h!.at(last)!;
  if (right === undefined) return undefined;

  const gauges = left.resetHint === ResetHint.gauge && right.resetHint === ResetHint.gauge;
  if (!isCounter && !gauges) notes.warn(nativeHistogramNotGauge(metricName));
  const rise = checked(subtractHistograms(right, left), 'subtraction', metricName, notes);
  if (rise === undefined || !isCounter) return rise;
  return withCorrections(input, rise, left, right, cutsLeft, notes);
}

/** Whether the histograms [first, last] are of one bucket kind; warns where not, and of gauges among counters. */
function isUniform(
  { h, metricName }: RangeInput,
  first: number,
  last: number,
  isCounter: boolean,
  notes: KernelNotes,
): boolean {
  const custom = usesCustomBuckets(h!.at(first)!);
  for (let i = first; i <= last; i++) {
    if (usesCustomBuckets(h!.at(i)!) !== custom) {
      notes.warn(mixedExponentialCustomHistograms(metricName));
      return false;
    }
    if (isCounter && h!.at(i)!.resetHint === ResetHint.gauge)
      notes.warn(nativeHistogramNotCounter(metricName));
  }
  return true;
}

/** Adds what each reset between the edges took away; undefined where that does not go together. */
function withCorrections(
  { h, metricName }: RangeInput,
  rise: FloatHistogram,
  left: FloatHistogram,
  right: FloatHistogram,
  cutsLeft: boolean,
  notes: KernelNotes,
): FloatHistogram | undefined {
  const { first, last } = edges;
  let from = first + 1;
  let previous = left;
  // A reset that the interpolation at the left edge spans is in its result already.
  if (cutsLeft && detectReset(h!.at(first + 1)!, h!.at(first)!)) {
    previous = h!.at(first + 1)!;
    from++;
  }
  if (from > last) return rise;
  let lost: FloatHistogram | undefined = undefined;
  for (let i = from; i <= last; i++) {
    // `right` is the last sample, or lies on the line to it and has its hint.
    const current = i === last ? right : h!.at(i)!;
    if (detectReset(current, previous)) {
      const sum: FloatHistogram | undefined =
        lost === undefined ? previous : checked(addHistograms(lost, previous), 'addition', metricName, notes);
      if (sum === undefined) return undefined;
      lost = sum;
    }
    previous = current;
  }
  return lost === undefined ? rise : checked(addHistograms(rise, lost), 'addition', metricName, notes);
}

function checked(
  combined: Combined | undefined,
  operation: HistogramOperation,
  metricName: string,
  notes: KernelNotes,
): FloatHistogram | undefined {
  if (combined === undefined) notes.warn(mixedExponentialCustomHistograms(metricName));
  else if (combined.boundsReconciled) notes.info(mismatchedCustomBuckets(operation));
  return combined?.histogram;
}
