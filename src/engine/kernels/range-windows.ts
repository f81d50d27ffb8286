import type { HistogramColumn } from '../../model/histogram/histogram-column.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';
import { histogramIgnoredInMixedRange, mixedFloatsHistograms } from './remarks.ts';

export const HAS_FLOATS = 1;
export const HAS_HISTOGRAMS = 2;

/** Which kinds of samples [lo, hi) holds: a sum of {@link HAS_FLOATS} and {@link HAS_HISTOGRAMS}. */
export function kindsIn(h: HistogramColumn, lo: number, hi: number): number {
  let kinds = 0;
  for (let i = lo; i < hi && kinds !== (HAS_FLOATS | HAS_HISTOGRAMS); i++) {
    kinds |= h.has(i) ? HAS_HISTOGRAMS : HAS_FLOATS;
  }
  return kinds;
}

/**
 * A kernel for functions that know both kinds but not together: `floats` sees the windows of floats alone,
 * `histograms` those of histograms alone, and a mixed window gives nothing but a warning. Either sees the windows that
 * are not its own as empty.
 */
export function eitherKind(floats: RangeKernel, histograms: RangeKernel): RangeKernel {
  return (input, out, notes) => {
    const { h, lo, hi, stepCount, metricName } = input;
    if (h === undefined) return floats(input, out, notes);
    const floatHi = lo.slice(0, stepCount);
    const histogramHi = lo.slice(0, stepCount);
    for (let step = 0; step < stepCount; step++) {
      const kinds = kindsIn(h, lo[step]!, hi[step]!);
      if (kinds === HAS_FLOATS) floatHi[step] = hi[step]!;
      else if (kinds === HAS_HISTOGRAMS) histogramHi[step] = hi[step]!;
      else if (kinds !== 0) notes.warn(mixedFloatsHistograms(metricName));
    }
    floats({ ...input, h: undefined, hi: floatHi }, out, notes);
    histograms({ ...input, hi: histogramHi }, out, notes);
  };
}

/** A kernel for functions of floats: histograms count as not there, and an info says so where floats are beside them. */
export function floatsOnly(floats: RangeKernel): RangeKernel {
  return (input, out, notes) => {
    const { h, lo, hi, stepCount, metricName } = input;
    if (h === undefined) return floats(input, out, notes);
    floats(withoutHistograms(input, h), out, notes);
    for (let step = 0; step < stepCount; step++) {
      const kinds = kindsIn(h, lo[step]!, hi[step]!);
      if (kinds === (HAS_FLOATS | HAS_HISTOGRAMS)) notes.info(histogramIgnoredInMixedRange(metricName));
    }
  };
}

/** The same input with the histograms taken out of the columns; start timestamps go as well. */
function withoutHistograms(input: RangeInput, h: HistogramColumn): RangeInput {
  const { length, stepCount } = input;
  const t = new Float64Array(length);
  const v = new Float64Array(length);
  const floatsBefore = new Int32Array(length + 1);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    if (!h.has(i)) {
      t[kept] = input.t[i]!;
      v[kept] = input.v[i]!;
      kept++;
    }
    floatsBefore[i + 1] = kept;
  }
  const lo = input.lo.slice(0, stepCount).map((i) => floatsBefore[i]!);
  const hi = input.hi.slice(0, stepCount).map((i) => floatsBefore[i]!);
  return { ...input, length: kept, t, v, h: undefined, st: undefined, lo, hi };
}
