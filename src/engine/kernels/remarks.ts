import { formatShortest } from '../../model/format-float.ts';
import { formatSignificant } from './format-significant.ts';
import { quote } from '../../model/quote.ts';

/**
 * The remarks of PromQL evaluation, worded as Prometheus 3.14 does (util/annotations), so that clients which look for
 * them keep working. The position goes behind them where they are shown.
 */
const WARNING = 'PromQL warning: ';
const INFO = 'PromQL info: ';

export type HistogramOperation = 'addition' | 'subtraction' | 'aggregation';

function named(remark: string, metricName: string): string {
  return metricName === '' ? remark : `${remark} for metric name ${quote(metricName)}`;
}

export function invalidRatio(ratio: number, cappedTo: number): string {
  return `${WARNING}ratio value should be between -1 and 1, got ${formatShortest(ratio)}, capping to ${formatShortest(cappedTo)}`;
}

export function invalidQuantile(q: number): string {
  return `${WARNING}quantile value should be between 0 and 1, got ${formatShortest(q)}`;
}

export function badBucketLabel(metricName: string, value: string): string {
  const remark = `${WARNING}bucket label "le" is missing or has a malformed value of ${quote(value)}`;
  return named(remark, metricName);
}

export function mixedFloatsHistograms(metricName: string): string {
  return `${WARNING}encountered a mix of histograms and floats for metric name ${quote(metricName)}`;
}

export const MIXED_FLOATS_HISTOGRAMS_AGGREGATION: string = `${WARNING}encountered a mix of histograms and floats for aggregation`;

export function mixedClassicNativeHistograms(metricName: string): string {
  return named(`${WARNING}vector contains a mix of classic and native histograms`, metricName);
}

export function nativeHistogramNotCounter(metricName: string): string {
  return `${WARNING}this native histogram metric is not a counter: ${quote(metricName)}`;
}

export function nativeHistogramNotGauge(metricName: string): string {
  return `${WARNING}this native histogram metric is not a gauge: ${quote(metricName)}`;
}

export function mixedExponentialCustomHistograms(metricName: string): string {
  const remark =
    'vector contains a mix of histograms with exponential and custom buckets schemas for metric name';
  return `${WARNING}${remark} ${quote(metricName)}`;
}

export function incompatibleBucketLayout(operator: string): string {
  return `${WARNING}incompatible bucket layout encountered for binary operator ${operator}`;
}

export const SORT_IN_RANGE_QUERY: string = `${WARNING}sort is ineffective for range queries since results are always ordered by labels`;

export function counterResetCollision(operation: HistogramOperation): string {
  return `${WARNING}conflicting counter resets during histogram ${operation}`;
}

/** Counted: see `KernelNotes.warnCounted`. */
export function startTimeOverlap(metricName: string): string {
  const remark = 'sample has start time that overlaps with previous sample timestamp';
  return `${WARNING}${remark} for metric ${quote(metricName)}`;
}

export function possibleNonCounter(metricName: string): string {
  const remark = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:';
  return `${INFO}${remark} ${quote(metricName)}`;
}

export function possibleNonCounterLabel(metricName: string, typeLabel: string): string {
  const remark = 'metric might not be a counter, __type__ label is not set to "counter" or "histogram"';
  return `${INFO}${remark}, got ${quote(typeLabel)}: ${quote(metricName)}`;
}

/** What histogram_quantile says about classic buckets that fell; {@link ForcedMonotonicity} gives the details. */
export function forcedMonotonicity(metricName: string, details: ForcedMonotonicity): string {
  const seen = `${INFO}input to histogram_quantile needed to be fixed for monotonicity`;
  const page = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
  const { minBucket, maxBucket, maxDiff, samples, minTime, maxTime } = details;
  const buckets = `from buckets ${formatShortest(minBucket)} to ${formatShortest(maxBucket)}`;
  const where = `over ${samples} samples from ${rfc3339(minTime)} to ${rfc3339(maxTime)}`;
  return `${named(`${seen} (see ${page})`, metricName)}, ${buckets}, with a max diff of ${formatSignificant(maxDiff, 2)}, ${where}`;
}

/** The extent of forced monotonicity over a whole query; times in ms since the epoch. */
export interface ForcedMonotonicity {
  readonly minBucket: number;
  readonly maxBucket: number;
  readonly maxDiff: number;
  readonly samples: number;
  readonly minTime: number;
  readonly maxTime: number;
}

function rfc3339(ms: number): string {
  return new Date(Math.trunc(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

export function incompatibleTypes(left: string, operator: string, right: string): string {
  const remark = 'incompatible sample types encountered for binary operator';
  return `${INFO}${remark} ${quote(operator)}: ${left} ${operator} ${right}`;
}

export function histogramIgnoredInAggregation(aggregation: string): string {
  return `${INFO}ignored histogram in ${aggregation} aggregation`;
}

export function histogramIgnoredInMixedRange(metricName: string): string {
  const remark = 'ignored histograms in a range containing both floats and histograms for metric name';
  return `${INFO}${remark} ${quote(metricName)}`;
}

export function quantileOfNaNs(metricName: string): string {
  return named(`${INFO}input to histogram_quantile has NaN observations, result is NaN`, metricName);
}

export function quantileSkewedByNaNs(metricName: string): string {
  return named(
    `${INFO}input to histogram_quantile has NaN observations, result is skewed higher`,
    metricName,
  );
}

export function fractionWithoutNaNs(metricName: string): string {
  const remark = 'input to histogram_fraction has NaN observations, which are excluded from all fractions';
  return named(`${INFO}${remark}`, metricName);
}

export function mismatchedCustomBuckets(operation: HistogramOperation): string {
  return `${INFO}mismatched custom buckets were reconciled during ${operation}`;
}

const COUNTER_SUFFIX = /_(?:total|sum|count|bucket)$/;

/**
 * What Prometheus remarks when `rate` or `increase` gave floats for a series that does not look like a counter.
 * @param labels of the series that was read, with its name.
 * @param type the label `__type__`, which counts instead of the name with the feature `type-and-unit-labels`; undefined without it.
 * @returns the info message, or undefined where there is nothing to say.
 */
export function counterNameRemark(name: string, type: string | undefined): string | undefined {
  if (name === '') return undefined;
  if (type === undefined) return COUNTER_SUFFIX.test(name) ? undefined : possibleNonCounter(name);
  return type === 'counter' || type === 'histogram' ? undefined : possibleNonCounterLabel(name, type);
}
