import type { HeadStatistics, Statistic, TsdbStatistics } from '../../../src/model/tsdb-statistics.ts';

/** A head whose other counts follow from the number of series. */
export function headOf(numSeries: number, minTime: number, maxTime: number): HeadStatistics {
  return { numSeries, numLabelPairs: 2 * numSeries, chunkCount: 3 * numSeries, minTime, maxTime };
}

export function listed(values: Readonly<Record<string, number>>): readonly Statistic[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Statistics of which only the given parts are not empty. */
export function statisticsOf(given: Partial<TsdbStatistics>): TsdbStatistics {
  return {
    headStatistics: headOf(0, 0, 0),
    seriesCountByMetricName: [],
    labelValueCountByLabelName: [],
    memoryInBytesByLabelName: [],
    seriesCountByLabelValuePair: [],
    ...given,
  };
}
