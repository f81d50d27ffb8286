import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalyzedPart } from '../../../../src/engine/analysis.ts';
import type { AnalysisJson, QueryJson } from '../../../../src/http/api/query.ts';
import { EndpointCall } from '../../../../src/model/request-journal.ts';
import type { ApiAnswer } from '../../../support/api-client.ts';
import { memoryServer } from '../../../support/memory-server.ts';
import { columnsSeries, memoryEndpoint } from '../../../select/support.ts';
import { answerOf, serverOver } from '../../support.ts';

const ENDPOINTS = ['a', 'b'].map((shard) =>
  memoryEndpoint(`${shard}:1`, { shard }, [
    columnsSeries({ __name__: 'm' }, [
      [15_000, 1],
      [30_000, 2],
    ]),
  ]),
);

async function ask(
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<ApiAnswer<QueryJson>> {
  const url = `/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
  return (await memoryServer(ENDPOINTS).inject(url)).json<ApiAnswer<QueryJson>>();
}

const SELECT: AnalysisJson = {
  name: 'select #0 m',
  executionTime: '0s',
  peakSamples: 2,
  totalSamples: 2,
  fanout: ['a:1', 'b:1'].map((endpointAddr) => ({
    endpointAddr,
    duration: '0s',
    bytesProcessed: 32,
    series: 1,
  })),
};

test('with analyze=true it is told what each part of a query cost, and whom it asked', async () => {
  const { data } = await ask('query', { query: 'sum(m)', time: '30', analyze: 'true' });
  assert.equal(data.result.length, 1);
  assert.deepEqual(data.analysis, {
    name: 'aggregate sum',
    executionTime: '0s',
    peakSamples: 2,
    totalSamples: 2,
    children: [SELECT],
  });
});

test('a range query tells the samples of all steps', async () => {
  const range = { start: '15', end: '30', step: '15' };
  const { data } = await ask('query_range', { query: 'm', ...range, analyze: '1' });
  assert.equal(data.analysis?.totalSamples, 4);
});

for (const analyze of [undefined, 'false', '0'])
  test(`with analyze=${analyze ?? ''} it is not`, async () => {
    const { data } = await ask('query', { query: 'm', time: '30', ...(analyze && { analyze }) });
    assert.equal(data.analysis, undefined);
  });

test('what is no truth value is refused', async () => {
  const { error } = await ask('query', { query: 'm', analyze: 'perhaps' });
  assert.match(error ?? '', /^invalid parameter "analyze": /);
});

test('times are written as Go does, and what is not told of by itself is counted', async () => {
  let now = 0;
  const call = new EndpointCall('a:1', { now: () => 0, monotonic: () => now }, undefined);
  now = 1.5;
  call.end(undefined);
  const part: AnalyzedPart = {
    level: 0,
    headline: 'select #0',
    select: 0,
    ms: 2500,
    samples: 0,
    peakSamples: 0,
  };
  const select = {
    matchers: [{ kind: '=', name: 'job', value: 'x' } as const],
    minTime: 0,
    maxTime: 1,
    range: 0,
    func: '',
    lookback: 0,
    exact: false,
    partials: [],
  };
  const answer = {
    ...answerOf({ kind: 'scalar', t: 0, v: 1 }),
    analysis: { parts: [part], selects: [select], partsNotShown: 7 },
  };
  const calls = new Map([[0, [call]]]);
  const server = serverOver({ query: async () => ({ answer, queuedMs: 0, calls }) });
  const { data, infos } = (await server.inject('/api/v1/query?query=m')).json<ApiAnswer<QueryJson>>();
  assert.deepEqual(data.analysis, {
    name: 'select #0 {job="x"}',
    executionTime: '2.5s',
    fanout: [{ endpointAddr: 'a:1', duration: '1.5ms' }],
  });
  assert.deepEqual(infos, [
    'the analysis tells of the first 1 parts of the query; 7 more count for what is around them',
  ]);
});
