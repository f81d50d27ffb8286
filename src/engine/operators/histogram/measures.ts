import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';
import { formatShortest } from '../../../model/format-float.ts';
import type { EvalScope } from '../../context.ts';
import { classicQuantile, settle, classicFraction } from '../../kernels/quantile/classic-quantile.ts';
import { nativeQuantile } from '../../kernels/quantile/native-quantile.ts';
import { isInvalidQuantile } from '../../kernels/quantile/sorted-quantile.ts';
import { invalidQuantile } from '../../kernels/remarks.ts';
import type { NotePlace } from '../../query-notes.ts';
import type { Pace } from '../../../model/pacer.ts';
import { eachPart } from '../../row-parts.ts';
import { timeOfStep } from '../../step-grid.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { nativeFraction } from '../../kernels/quantile/native-fraction.ts';

/** What a function makes of a histogram at a step, be it classic or native. */
export interface HistogramMeasure {
  /** The label that tells the results of one call apart. */
  readonly label: readonly [name: string, value: string] | undefined;
  /** Whether the measure applies at a step. */
  appliesAt(step: number): boolean;
  /** @param metricName for remarks; empty where they tell none. */
  ofNative(h: FloatHistogram, step: number, metricName: string): number;
  /** @param buckets at least one, of which the call may change the counts. */
  ofClassic(buckets: ClassicBuckets, step: number, metricName: string): number;
}

/** How many samples take the memory of a measure. */
const SAMPLES_PER_MEASURE = 16;

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
export async function quantileMeasure(
  scope: EvalScope,
  q: Float64Array,
  places: QuantilePlaces,
  before?: Uint32Array,
): Promise<HistogramMeasure> {
  const { grid, query } = scope;
  const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  for (const invalid of await valuesOf(q, query.pacer)) {
    if (isInvalidQuantile(invalid)) places.argument.warn(invalidQuantile(invalid));
    if (query.pacer.due()) await query.pacer.breathe();
  }
  return {
    label: undefined,
    appliesAt: () => true,
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
export async function labelledQuantileMeasures(
  scope: EvalScope,
  name: string,
  quantiles: readonly { readonly q: Float64Array; readonly places: QuantilePlaces }[],
): Promise<readonly HistogramMeasure[]> {
  const { grid, query } = scope;
  const { pacer } = query;
  const before = new Uint32Array(grid.count);
  const measures: HistogramMeasure[] = [];
  for (const { q, places } of quantiles) {
    const measure = await quantileMeasure(scope, q, places, before.slice());
    await eachPart(q.length, pacer, (from, to) => {
      for (let step = from; step < to; step++) if (!isInvalidQuantile(q[step]!)) before[step]!++;
    });
    const values = await valuesOf(q, pacer);
    query.budget.reserve(values.size * SAMPLES_PER_MEASURE);
    for (const value of values) {
      const label = [name, openMetricsFloat(value)] as const;
      const appliesAt = (step: number): boolean => q[step] === value || Object.is(q[step], value);
      measures.push({ ...measure, label, appliesAt });
      if (pacer.due()) await pacer.breathe();
    }
  }
  return measures;
}

/** The different values of a column, in the order in which they turn up. */
async function valuesOf(q: Float64Array, pace: Pace): Promise<ReadonlySet<number>> {
  const values = new Set<number>();
  await eachPart(q.length, pace, (from, to) => {
    for (let step = from; step < to; step++) if (step === 0 || q[step] !== q[step - 1]) values.add(q[step]!);
  });
  return values;
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
    appliesAt: () => true,
    ofNative: (h, step, metricName) => nativeFraction(lower[step]!, upper[step]!, h, metricName, native),
    ofClassic: (buckets, step) => classicFraction(lower[step]!, upper[step]!, buckets),
  };
}
