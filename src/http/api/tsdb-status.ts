/** What `/api/v1/status/tsdb` answers with: each list has the greatest first. */
export type TsdbStatusJson = {
  readonly headStats: HeadStatsJson;
  readonly seriesCountByMetricName: readonly StatisticJson[];
  readonly labelValueCountByLabelName: readonly StatisticJson[];
  readonly memoryInBytesByLabelName: readonly StatisticJson[];
  /** Names are `label=value`. */
  readonly seriesCountByLabelValuePair: readonly StatisticJson[];
};

export type HeadStatsJson = {
  readonly numSeries: number;
  readonly numLabelPairs: number;
  readonly chunkCount: number;
  /** ms since the epoch; 0 where nothing is told, and the ends of int64, the other way round, where a head is empty. */
  readonly minTime: number;
  readonly maxTime: number;
};

export type StatisticJson = { readonly name: string; readonly value: number };
