import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { TsdbStatisticsRequest } from '../../../src/backend/list-calls.ts';
import { startFakePrometheus, streamed, type FakePaths } from '../../support/fake-prometheus.ts';
import { sendJson, sendText } from '../../support/fake-server.ts';
import { NEVER, backendAt, failureOf, valueOf } from './support.ts';
import { scopeWith } from '../../support/scopes.ts';

const PATH = '/api/v1/status/tsdb';

async function start(t: TestContext, handler?: FakePaths[string]) {
  const paths = { '/api/v1/read': streamed(), ...(handler && { [PATH]: handler }) };
  const server = await startFakePrometheus(paths, '    cluster: eu');
  t.after(() => server.close());
  const backend = backendAt(t, server.url);
  valueOf(await backend.describe(NEVER));
  const asked = () => server.requests.filter(({ path }) => path === PATH);
  const { lists } = backend;
  return { asked, ask: (request: TsdbStatisticsRequest) => lists.tsdbStatistics(scopeWith(), request) };
}

function data(value: unknown): FakePaths[string] {
  return (_, response) => sendJson(response, { status: 'success', data: value });
}

const HEAD = { numSeries: 1, numLabelPairs: 2, chunkCount: 3, minTime: 4, maxTime: 5 };

test('statistics are those of one tenant without a name', async (t) => {
  const list = (name: string) => [{ name, value: 7 }];
  const lists = {
    seriesCountByMetricName: list('up'),
    labelValueCountByLabelName: list('job'),
    memoryInBytesByLabelName: list('le'),
    seriesCountByLabelValuePair: list('job=x'),
  };
  const { ask, asked } = await start(t, data({ headStats: HEAD, ...lists }));
  const { items } = valueOf(await ask({ limit: 2, matchers: [] }));
  assert.deepEqual(items, [{ tenant: '', statistics: { headStatistics: HEAD, ...lists } }]);
  assert.equal(asked()[0]!.parameters.toString(), 'limit=2');
});

test('the limit is left out where there is none, and never more than a server takes', async (t) => {
  const { ask, asked } = await start(t, data({ headStats: HEAD, seriesCountByMetricName: null }));
  const { items } = valueOf(await ask({ limit: undefined, matchers: [] }));
  assert.deepEqual(items[0]!.statistics.seriesCountByMetricName, []);
  await ask({ limit: 2 ** 31 - 1, matchers: [] });
  assert.deepEqual(
    asked().map(({ parameters }) => parameters.toString()),
    ['', 'limit=10000'],
  );
});

test('a server whose external labels do not match is not asked', async (t) => {
  const { ask, asked } = await start(t, data({ headStats: HEAD }));
  const tenant = (kind: '=' | '!='): TsdbStatisticsRequest => ({
    limit: undefined,
    matchers: [{ kind, name: 'tenant', value: 'x' }],
  });
  assert.deepEqual(valueOf(await ask(tenant('='))).items, []);
  assert.equal(asked().length, 0);
  assert.equal(valueOf(await ask(tenant('!='))).items.length, 1);
});

test('a server without this call has no statistics', async (t) => {
  const { ask } = await start(t);
  assert.deepEqual(valueOf(await ask({ limit: undefined, matchers: [] })).items, []);
});

test('a server without a head, such as VictoriaMetrics, counts with all of its series', async (t) => {
  const up = [{ name: 'up', value: 2 }];
  const { ask } = await start(t, data({ totalSeries: 2, seriesCountByMetricName: up }));
  const [{ statistics } = assert.fail('no statistics')] = valueOf(
    await ask({ limit: undefined, matchers: [] }),
  ).items;
  assert.deepEqual(statistics.headStatistics, {
    numSeries: 2,
    numLabelPairs: 0,
    chunkCount: 0,
    minTime: 0,
    maxTime: 0,
  });
  assert.deepEqual(statistics.seriesCountByMetricName, up);
});

test('an answer of another shape is a failure', async (t) => {
  for (const [value, problem] of [
    [{ seriesCountByMetricName: [] }, /holds no statistics of a head/],
    [{ headStats: { ...HEAD, numSeries: 'many' } }, /something else as "numSeries" where a number/],
    [{ headStats: HEAD, seriesCountByMetricName: {} }, /holds no list of statistics/],
  ] as const) {
    const { ask } = await start(t, data(value));
    assert.match(failureOf(await ask({ limit: undefined, matchers: [] })).reason, problem);
  }
  const { ask } = await start(t, (_, response) => sendText(response, 503, 'text/plain', 'not ready'));
  assert.equal(failureOf(await ask({ limit: undefined, matchers: [] })).kind, 'unavailable');
});
