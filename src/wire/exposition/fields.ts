/** Field numbers of the exposition format, named as in `proto/prometheus/metrics.proto` (a test compares them). */
export const MetricFamilyField = { name: 1, type: 3, metric: 4 } as const;
export const MetricField = { label: 1, untyped: 5, timestampMs: 6, histogram: 7 } as const;
export const UntypedField = { value: 1 } as const;
export const BucketField = { cumulativeCount: 1, upperBound: 2, cumulativeCountFloat: 4 } as const;
export const HistogramField = {
  sampleCount: 1,
  sampleSum: 2,
  bucket: 3,
  sampleCountFloat: 4,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  zeroCountFloat: 8,
  negativeSpan: 9,
  negativeDelta: 10,
  negativeCount: 11,
  positiveSpan: 12,
  positiveDelta: 13,
  positiveCount: 14,
} as const;

export const MetricType = { untyped: 3, histogram: 4, gaugeHistogram: 5 } as const;
