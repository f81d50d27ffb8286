/** Field numbers of the messages on the way of samples, named as in `proto/thanos/*.proto` (a test compares them). */
export const SeriesResponseField = { series: 1, warning: 2, hints: 3, batch: 4 } as const;
export const SeriesBatchField = { series: 1 } as const;
export const SeriesField = { labels: 1, chunks: 2 } as const;
export const AggrChunkField = {
  minTime: 1,
  maxTime: 2,
  raw: 3,
  count: 4,
  sum: 5,
  min: 6,
  max: 7,
  counter: 8,
} as const;
export const ChunkField = { type: 1, data: 2, hash: 3 } as const;
export const QueryResponseField = { warnings: 1, timeseries: 2, stats: 3, timeseriesBatch: 4 } as const;
export const TimeSeriesBatchField = { series: 1 } as const;
