import { type FloatHistogram, usesCustomBuckets } from '../../model/histogram/float-histogram.ts';
import { hasIntegerCounts } from '../integer-counts.ts';

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
