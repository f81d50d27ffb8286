import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createPromqlServer, type PromqlServerOptions } from '../../../../src/app/promql-server.ts';
import type { Endpoint } from '../../../../src/cluster/topology.ts';
import type { QueryJson, StatsJson } from '../../../../src/http/api/query.ts';
import type { ApiAnswer } from '../../../support/api-client.ts';
import { memoryOptions } from '../../../support/memory-server.ts';
import { PLAIN_TENANCY } from '../../../support/plain-tenancy.ts';
import { until } from '../../../support/until.ts';
import { columnsSeries, failingEndpoint, memoryEndpoint } from '../../../select/support.ts';

/** Two samples of 16 bytes. */
const SERIES = columnsSeries({ __name__: 'm', tenant_id: 'a' }, [
  [15_000, 1],
  [30_000, 2],
]);
const BOTH = ['a', 'b'].map((shard) => memoryEndpoint(`${shard}:1`, { shard }, [SERIES]));
const RANGE = { query: 'm', start: '15', end: '30', step: '15', stats: 'true' };
const NOTHING = { bytes: 0, calls: 0, endpoints: 0, answeredEndpoints: 0 };

type Ask = (path: string, parameters: Readonly<Record<string, string>>) => Promise<StatsJson['fetched']>;

function serverOver(endpoints: readonly Endpoint[], more: Partial<PromqlServerOptions> = {}) {
  return createPromqlServer({ ...memoryOptions(endpoints), ...more });
}

function asking(server: FastifyInstance, headers: Readonly<Record<string, string>> = {}): Ask {
  return async (path, parameters) => {
    const url = `/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
    const { data } = (await server.inject({ url, headers })).json<ApiAnswer<QueryJson>>();
    return data.stats!.fetched;
  };
}

test('it is told what came from how many endpoints', async () => {
  const ask = asking(serverOver(BOTH));
  const instant = { query: 'm + on (shard) m offset 1s', time: '30', stats: 'true' };
  assert.deepEqual(await ask('query_range', RANGE), {
    bytes: 64,
    calls: 2,
    endpoints: 2,
    answeredEndpoints: 2,
  });
  const { calls, endpoints } = await ask('query', instant);
  assert.deepEqual([calls, endpoints], [4, 2]);
});

test('an endpoint that does not answer was asked', async () => {
  const ask = asking(serverOver([BOTH[0]!, failingEndpoint('b:1', { shard: 'b' })]));
  const { bytes, endpoints, answeredEndpoints } = await ask('query_range', RANGE);
  assert.deepEqual([bytes, endpoints, answeredEndpoints], [32, 2, 1]);
});

test('where nothing is read, nothing came', async () => {
  assert.deepEqual(await asking(serverOver(BOTH))('query', { query: '1', stats: 'true' }), NOTHING);
});

test('where all of a result was kept, nothing came', async () => {
  const clock = { now: () => Date.UTC(2100, 0), monotonic: () => 0 };
  const ask = asking(serverOver(BOTH, { clock, resultsCache: { bytes: 1e6, minFresh: 0, lifetime: 1e9 } }));
  const { bytes } = await ask('query_range', RANGE);
  assert.equal(bytes, 64);
  assert.deepEqual(await ask('query_range', RANGE), NOTHING);
  const { endpoints } = await ask('query_range', { ...RANGE, cache: 'false' });
  assert.equal(endpoints, 2);
});

test('what came for an equal query counts there alone', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const [a, b] = BOTH;
  const slow: Endpoint = {
    ...a!,
    backend: {
      ...a!.backend,
      select: async (...request) => {
        await released;
        return a!.backend.select(...request);
      },
    },
  };
  const limits = { ...memoryOptions(BOTH).limits, joinsEqual: true };
  const server = serverOver([slow, b!], { limits });
  const ask = asking(server);
  const asked = Promise.all([ask('query_range', RANGE), ask('query_range', RANGE)]);
  await until('both are under way', 20_000, async () => {
    const { body } = await server.inject('/api/v1/status/active_queries');
    return body.split('"stage":"select"').length === 3;
  });
  release();
  const told = await asked;
  const byBytes = told.toSorted((a, b) => a.bytes - b.bytes);
  assert.deepEqual(byBytes, [NOTHING, { bytes: 64, calls: 2, endpoints: 2, answeredEndpoints: 2 }]);
});

test('a tenant is told of bytes alone', async () => {
  const ask = asking(serverOver(BOTH, { tenancy: PLAIN_TENANCY }), { 'thanos-tenant': 'a' });
  assert.deepEqual(await ask('query_range', RANGE), { bytes: 64 });
});
