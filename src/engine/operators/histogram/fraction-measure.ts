import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { classicFraction } from '../../kernels/quantile/classic-quantile.ts';
import { nativeFraction } from '../../kernels/quantile/native-fraction.ts';
import type { HistogramMeasure } from './histogram-measure.ts';

/** The measure of histogram_fraction: the share of observations between two values, given for every step. */
export function fractionMeasure(
  lower: Float64Array,
  upper: Float64Array,
  native: KernelNotes,
): HistogramMeasure {
  return {
    label: undefined,
    steps: undefined,
    ofNative: (h, step, metricName) => nativeFraction(lower[step]!, upper[step]!, h, metricName, native),
    ofClassic: (buckets, step) => classicFraction(lower[step]!, upper[step]!, buckets),
  };
}
