import { EMPTY_LABELS } from '../../model/labels.ts';
import type { Statistic, TenantStatistics } from '../../model/tsdb-statistics.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import type { TsdbStatisticsRequest } from '../list-calls.ts';
import type { Parameters } from './api-call.ts';
import { type JsonObject, numberOf, objectOf, objectsOf, textOf } from './json-fields.ts';

/** Prometheus refuses a request for more. */
const MOST_ENTRIES = 10_000;

/** Whether a server is meant: matchers that its external labels do not fulfil must allow that a label is not there. */
export function isMeant({ matchers }: TsdbStatisticsRequest): boolean {
  return compileMatchers(matchers)(EMPTY_LABELS);
}

export function tsdbStatisticsParameters({ limit }: TsdbStatisticsRequest): Parameters {
  return limit === undefined ? [] : [['limit', String(Math.min(limit, MOST_ENTRIES))]];
}

/** Reads `/api/v1/status/tsdb`. */
export function readTsdbStatistics(data: unknown): readonly TenantStatistics[] {
  const answer = objectOf(data, 'statistics');
  const head = objectOf(answer['headStats'] ?? headlessOf(answer), 'statistics of a head');
  const statistics = {
    headStatistics: {
      numSeries: numberOf(head, 'numSeries'),
      numLabelPairs: numberOf(head, 'numLabelPairs'),
      chunkCount: numberOf(head, 'chunkCount'),
      minTime: numberOf(head, 'minTime'),
      maxTime: numberOf(head, 'maxTime'),
    },
    seriesCountByMetricName: readList(answer, 'seriesCountByMetricName'),
    labelValueCountByLabelName: readList(answer, 'labelValueCountByLabelName'),
    memoryInBytesByLabelName: readList(answer, 'memoryInBytesByLabelName'),
    seriesCountByLabelValuePair: readList(answer, 'seriesCountByLabelValuePair'),
  };
  return [{ tenant: '', statistics }];
}

/** VictoriaMetrics has no head, but tells how many series it has. */
function headlessOf({ totalSeries }: JsonObject): JsonObject | undefined {
  return totalSeries === undefined ? undefined : { numSeries: totalSeries };
}

function readList(answer: JsonObject, name: string): readonly Statistic[] {
  return objectsOf(answer[name], 'statistics').map((item) => ({
    name: textOf(item, 'name'),
    value: numberOf(item, 'value'),
  }));
}
