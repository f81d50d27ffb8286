/**
 * Field numbers of Prometheus' remote-read messages, named as in `proto/prometheus/*.proto` (a test compares them).
 */
export const ReadRequestField = { queries: 1, acceptedResponseTypes: 2 } as const;
export const QueryField = { startTimestampMs: 1, endTimestampMs: 2, matchers: 3, hints: 4 } as const;
export const ReadHintsField = {
  stepMs: 1,
  func: 2,
  startMs: 3,
  endMs: 4,
  grouping: 5,
  by: 6,
  rangeMs: 7,
} as const;

export const ChunkedReadResponseField = { chunkedSeries: 1, queryIndex: 2 } as const;
export const ChunkedSeriesField = { labels: 1, chunks: 2 } as const;
export const ChunkField = { minTimeMs: 1, maxTimeMs: 2, type: 3, data: 4 } as const;

export const ReadResponseField = { results: 1 } as const;
export const QueryResultField = { timeseries: 1 } as const;
export const TimeSeriesField = { labels: 1, samples: 2, histograms: 4 } as const;
export const SampleField = { value: 1, timestamp: 2 } as const;
export const HistogramField = {
  countInt: 1,
  countFloat: 2,
  sum: 3,
  schema: 4,
  zeroThreshold: 5,
  zeroCountInt: 6,
  zeroCountFloat: 7,
  negativeSpans: 8,
  negativeDeltas: 9,
  negativeCounts: 10,
  positiveSpans: 11,
  positiveDeltas: 12,
  positiveCounts: 13,
  resetHint: 14,
  timestamp: 15,
  customValues: 16,
} as const;
