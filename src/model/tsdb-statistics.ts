/** What the head block of a database holds, and which names and labels take the most of it, each list from the top. */
export interface TsdbStatistics {
  readonly headStatistics: HeadStatistics;
  readonly seriesCountByMetricName: readonly Statistic[];
  readonly labelValueCountByLabelName: readonly Statistic[];
  readonly memoryInBytesByLabelName: readonly Statistic[];
  /** Names are `label=value`. */
  readonly seriesCountByLabelValuePair: readonly Statistic[];
}

/** Times in ms since the epoch; those of an empty head are the ends of int64, the other way round. */
export interface HeadStatistics {
  readonly numSeries: number;
  readonly numLabelPairs: number;
  readonly chunkCount: number;
  readonly minTime: number;
  readonly maxTime: number;
}

export interface Statistic {
  readonly name: string;
  readonly value: number;
}

/** A store can hold a database for each tenant; others have one, of the tenant with the empty name. */
export interface TenantStatistics {
  readonly tenant: string;
  readonly statistics: TsdbStatistics;
}
