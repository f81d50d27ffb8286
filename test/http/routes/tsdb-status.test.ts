import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayLists } from '../../../src/gateway/lists.ts';
import type { TsdbStatisticsQuery } from '../../../src/gateway/tsdb-statistics.ts';
import { headOf, listed, statisticsOf } from '../../select/lists/statistics-support.ts';
import { listsOf, serverOver } from '../support.ts';
import { remark } from '../../../src/model/annotations.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import { opening } from '../../support/open-requests.ts';

const PATH = '/api/v1/status/tsdb';
const EMPTY = '"labelValueCountByLabelName":[],"memoryInBytesByLabelName":[]';

function serving(seen: TsdbStatisticsQuery[] = [], head = headOf(1, 2, 3), wishes: ReadWishes[] = []) {
  const tsdbStatistics: GatewayLists['tsdbStatistics'] = async (_, query) => {
    seen.push(query);
    const total = statisticsOf({
      headStatistics: head,
      seriesCountByMetricName: listed({ up: 2 ** 40 }),
      seriesCountByLabelValuePair: listed({ 'a="<b>"': 1 }),
    });
    return { byTenant: new Map(), total, annotations: [remark('warning', 'w')] };
  };
  return serverOver({ open: opening(wishes), lists: listsOf({ tsdbStatistics }) });
}

test('statistics are shown as Prometheus does, with remarks', async () => {
  const { body } = await serving().inject(PATH);
  assert.equal(
    body,
    '{"status":"success","data":{"headStats":{"numSeries":1,"numLabelPairs":2,"chunkCount":3,"minTime":2,"maxTime":3},' +
      `"seriesCountByMetricName":[{"name":"up","value":1099511627776}],${EMPTY},` +
      String.raw`"seriesCountByLabelValuePair":[{"name":"a=\"\u003cb\u003e\"","value":1}]},"warnings":["w"]}`,
  );
});

test('the times of an empty head are the ends of int64', async () => {
  const { body } = await serving([], headOf(0, 2 ** 63, -(2 ** 63))).inject(PATH);
  assert.match(body, /"minTime":9223372036854775807,"maxTime":-9223372036854775808}/);
});

test('parameters reach the gateway; 10 entries are the default', async () => {
  const seen: TsdbStatisticsQuery[] = [];
  const wishes: ReadWishes[] = [];
  const server = serving(seen, undefined, wishes);
  await server.inject(PATH);
  await server.inject(`${PATH}?limit=10000&match[]={a="b"}&match[]={c="d"}&partial_response=false`);
  assert.deepEqual(
    seen.map(({ limit, selectors, matchers }, i) => [limit, selectors, matchers, wishes[i]!.partialResponse]),
    [
      [10, [], [], undefined],
      [10_000, ['{a="b"}', '{c="d"}'], [], false],
    ],
  );
});

test('a limit out of bounds is refused in the words of Prometheus', async () => {
  for (const [limit, error] of [
    ['0', 'limit must be a positive number'],
    ['-1', 'limit must be a positive number'],
    ['x', 'limit must be a positive number'],
    ['1.5', 'limit must be a positive number'],
    ['9223372036854775808', 'limit must be a positive number'],
    ['10001', 'limit must not exceed 10000'],
  ] as const) {
    const response = await serving().inject(`${PATH}?limit=${limit}`);
    assert.equal(response.statusCode, 400);
    assert.deepEqual(response.json(), { status: 'error', errorType: 'bad_data', error });
  }
});
