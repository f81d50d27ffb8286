import type { HeadStatistics, Statistic, TsdbStatistics } from '../../model/tsdb-statistics.ts';
import { encodeInt64 } from './int64.ts';
import { encodeItems, encodeObject } from './object.ts';
import { encodeString } from './string.ts';

/** Statistics as `/api/v1/status/tsdb` shows them. */
export function encodeTsdbStatistics(statistics: TsdbStatistics): string {
  return encodeObject({
    headStats: encodeHead(statistics.headStatistics),
    seriesCountByMetricName: encodeItems(statistics.seriesCountByMetricName, encodeStatistic),
    labelValueCountByLabelName: encodeItems(statistics.labelValueCountByLabelName, encodeStatistic),
    memoryInBytesByLabelName: encodeItems(statistics.memoryInBytesByLabelName, encodeStatistic),
    seriesCountByLabelValuePair: encodeItems(statistics.seriesCountByLabelValuePair, encodeStatistic),
  });
}

function encodeHead(head: HeadStatistics): string {
  return encodeObject({
    numSeries: encodeInt64(head.numSeries),
    numLabelPairs: encodeInt64(head.numLabelPairs),
    chunkCount: encodeInt64(head.chunkCount),
    minTime: encodeInt64(head.minTime),
    maxTime: encodeInt64(head.maxTime),
  });
}

function encodeStatistic({ name, value }: Statistic): string {
  return encodeObject({ name: encodeString(name), value: encodeInt64(value) });
}
