import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';
import { formatShortest } from '../../../model/format-float.ts';
import type { EvalScope } from '../../context.ts';
import { classicQuantile, settle, classicFraction } from '../../kernels/quantile/classic-quantile.ts';
import { nativeQuantile } from '../../kernels/quantile/native-quantile.ts';
import { isInvalidQuantile } from '../../kernels/quantile/sorted-quantile.ts';
import { invalidQuantile } from '../../kernels/remarks.ts';
import type { NotePlace } from '../../query-notes.ts';
import { timeOfStep } from '../../step-grid.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { nativeFraction } from '../../kernels/quantile/native-fraction.ts';

/** What a function makes of a histogram at a step, be it classic or native. */
export interface HistogramMeasure {
  /** The label that tells the results of one call apart. */
  readonly label: readonly [name: string, value: string] | undefined;
  /** 1 at the steps where the measure applies; undefined where it always does. */
  readonly steps: Uint8Array | undefined;
  /** @param metricName for remarks; empty where they tell none. */
  ofNative(h: FloatHistogram, step: number, metricName: string): number;
  /** @param buckets at least one, of which the call may change the counts. */
  ofClassic(buckets: ClassicBuckets, step: number, metricName: string): number;
}

/** Where remarks of a quantile point: at its own argument, on native histograms, and on classic buckets. */
export interface QuantilePlaces {
  readonly argument: NotePlace;
  readonly native: NotePlace;
  readonly classic: NotePlace;
}

/**
 * The measure of histogram_quantile: the quantile `q`, one value a step.
 * @param before how many quantiles of the same call have worked on the buckets at each step; undefined for none.
 */
export function quantileMeasure(
  scope: EvalScope,
  q: Float64Array,
  places: QuantilePlaces,
  before?: Uint32Array,
): HistogramMeasure {
  const { grid } = scope;
  const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  for (const invalid of new Set(q.filter(isInvalidQuantile))) {
    places.argument.warn(invalidQuantile(invalid));
  }
  return {
    label: undefined,
    steps: undefined,
    ofNative: (h, step, metricName) => nativeQuantile(q[step]!, h, metricName, places.native),
    ofClassic: (buckets, step, metricName) => {
      for (let left = before?.[step] ?? 0; left > 0 && settle(buckets, report); left--);
      const quantile = classicQuantile(q[step]!, buckets, report);
      if (report.maxDiff > 0) {
        const time = timeOfStep(grid, step);
        const extent = { ...report, samples: 1, minTime: time, maxTime: time };
        places.classic.forcedMonotonicity(metricName, extent);
      }
      return quantile;
    },
  };
}

/**
 * The measures of histogram_quantiles: one for each different value of each argument, since the value becomes the
 * label `name` of the result.
 */
export function labelledQuantileMeasures(
  scope: EvalScope,
  name: string,
  quantiles: readonly { readonly q: Float64Array; readonly places: QuantilePlaces }[],
): readonly HistogramMeasure[] {
  const before = new Uint32Array(scope.grid.count);
  return quantiles.flatMap(({ q, places }) => {
    const measure = quantileMeasure(scope, q, places, before.slice());
    q.forEach((value, step) => {
      if (!isInvalidQuantile(value)) before[step]!++;
    });
    return [...new Set(q)].map((value) => ({
      ...measure,
      label: [name, openMetricsFloat(value)] as const,
      steps: Uint8Array.from(q, (at) => (Object.is(at, value) || at === value ? 1 : 0)),
    }));
  });
}

/** A label value as OpenMetrics writes it: whole numbers get a decimal point (Prometheus FormatOpenMetricsFloat). */
function openMetricsFloat(value: number): string {
  if (value === 0) return '0.0';
  const text = formatShortest(value);
  return Number.isFinite(value) && !/[e.]/.test(text) ? `${text}.0` : text;
}

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
