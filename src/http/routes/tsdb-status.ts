import type { FastifyInstance } from 'fastify';
import { toRemarks } from '../../gateway/remarks.ts';
import { requestForm } from '../body.ts';
import type { HeadStatsJson, StatisticJson, TsdbStatusJson } from '../api/tsdb-status.ts';
import type { HttpOptions } from '../context.ts';
import { parseInteger } from '../parameters/limits.ts';
import { readText } from '../parameters/read-parameter.ts';
import { sendData } from '../respond.ts';
import { beginRequest } from '../scope.ts';
import type { HeadStatistics, Statistic, TsdbStatistics } from '../../model/tsdb-statistics.ts';
import { encodeInt64 } from '../json/scalars.ts';
import { encodeItems, encodeObject, type Members } from '../json/object.ts';
import { encodeString } from '../json/text.ts';
import { QueryError } from '../../model/errors.ts';
import type { Form } from '../parameters/form.ts';
import { data, described } from '../openapi/operation.ts';
import { parameter, SELECTORS, WISHES } from '../openapi/parameters.ts';
import { INTEGER, list, map, object, STRING } from '../openapi/schema.ts';

const COUNTS = list(object({ name: STRING, value: INTEGER }));
const STATISTICS = object({
  headStats: map(INTEGER),
  seriesCountByMetricName: COUNTS,
  labelValueCountByLabelName: COUNTS,
  memoryInBytesByLabelName: COUNTS,
  seriesCountByLabelValuePair: COUNTS,
});

/** `/api/v1/status/tsdb`; with `match[]`, as Thanos has it, of endpoints whose external labels match. */
export function tsdbStatusRoutes(server: FastifyInstance, { gateway }: HttpOptions): void {
  server.get(
    '/api/v1/status/tsdb',
    described({
      access: 'operator',
      summary: 'What all endpoints hold',
      parameters: [parameter('limit', 'Most items of each list.', INTEGER), SELECTORS, ...WISHES],
      answer: data(STATISTICS),
    }),
    async (request, reply) => {
      const form = requestForm(request);
      const query = {
        limit: readTsdbLimit(form),
        selectors: form.all('match[]'),
        matchers: [],
      };
      const scope = beginRequest(gateway, request, form);
      const { total, annotations } = await gateway.lists.tsdbStatistics(scope, query);
      return sendData(request, reply, [encodeTsdbStatistics(total)], toRemarks(scope, annotations));
    },
  );
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 10_000;

/** Reads the limit of `/api/v1/status/tsdb`, with the bounds and words of Prometheus. Throws `bad_data`. */
function readTsdbLimit(form: Form): number {
  const text = readText(form, 'limit');
  if (text === '') return DEFAULT_LIMIT;
  const limit = parseInteger(text, 64);
  if (typeof limit === 'string' || limit < 1n)
    throw new QueryError('bad_data', 'limit must be a positive number');
  if (limit > MAX_LIMIT) throw new QueryError('bad_data', `limit must not exceed ${MAX_LIMIT}`);
  return Number(limit);
}

/** Statistics as `/api/v1/status/tsdb` shows them. */
function encodeTsdbStatistics(statistics: TsdbStatistics): string {
  return encodeObject({
    headStats: encodeHead(statistics.headStatistics),
    seriesCountByMetricName: encodeItems(statistics.seriesCountByMetricName, encodeStatistic),
    labelValueCountByLabelName: encodeItems(statistics.labelValueCountByLabelName, encodeStatistic),
    memoryInBytesByLabelName: encodeItems(statistics.memoryInBytesByLabelName, encodeStatistic),
    seriesCountByLabelValuePair: encodeItems(statistics.seriesCountByLabelValuePair, encodeStatistic),
  } satisfies Members<TsdbStatusJson>);
}

function encodeHead(head: HeadStatistics): string {
  return encodeObject({
    numSeries: encodeInt64(head.numSeries),
    numLabelPairs: encodeInt64(head.numLabelPairs),
    chunkCount: encodeInt64(head.chunkCount),
    minTime: encodeInt64(head.minTime),
    maxTime: encodeInt64(head.maxTime),
  } satisfies Members<HeadStatsJson>);
}

function encodeStatistic({ name, value }: Statistic): string {
  return encodeObject({
    name: encodeString(name),
    value: encodeInt64(value),
  } satisfies Members<StatisticJson>);
}
