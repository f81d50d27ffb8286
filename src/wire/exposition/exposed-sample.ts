import { type FloatHistogram, ResetHint, usesCustomBuckets } from '../../model/histogram/float-histogram.ts';
import type { Labels } from '../../model/labels.ts';
import { hasIntegerCounts } from '../integer-counts.ts';

/** A sample as a scraper reads it. */
export interface ExposedSample {
  /** Not empty. */
  readonly name: string;
  /** The name included. */
  readonly labels: Labels;
  /** ms since the epoch. */
  readonly t: number;
  /** Without meaning where there is a histogram. */
  readonly v: number;
  readonly h: FloatHistogram | undefined;
}

export type ExpositionKind = 'text' | 'openmetrics' | 'protobuf';

/**
 * Whether a format has a form for a histogram: protobuf for all, text for those with custom buckets, which become classic ones
 * (Prometheus web/federate.go). OpenMetrics wants whole numbers as counts of buckets (OpenMetrics 1.0, Histogram).
 */
export function hasForm(kind: ExpositionKind, h: FloatHistogram): boolean {
  switch (kind) {
    case 'protobuf':
      return true;
    case 'text':
      return usesCustomBuckets(h);
    case 'openmetrics':
      return usesCustomBuckets(h) && hasIntegerCounts(h);
  }
}

export type FamilyType = 'untyped' | 'histogram' | 'gaugeHistogram';

/** What a server tells of metrics that it has from elsewhere: nothing, but that histograms are such. */
export function familyType({ h }: ExposedSample): FamilyType {
  if (h === undefined) return 'untyped';
  return h.resetHint === ResetHint.gauge ? 'gaugeHistogram' : 'histogram';
}

/** A scraper gives its own `instance` to a series that has none, unless it is said to be empty (web/federate.go). */
export const OWN_INSTANCE = 'instance';

/** The cumulative counts of a histogram with custom buckets at each of its bounds, without that at +Inf. */
export function cumulativeCounts({ customValues, positive }: FloatHistogram): Float64Array {
  const counts = new Float64Array(customValues.length);
  let at = 0;
  let sum = 0;
  for (let bound = 0; bound < counts.length; bound++) {
    for (; at < positive.index.length && positive.index[at]! <= bound; at++) sum += positive.count[at]!;
    counts[bound] = sum;
  }
  return counts;
}
