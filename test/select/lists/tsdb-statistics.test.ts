import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_LISTS, type TsdbStatisticsRequest } from '../../../src/backend/list-calls.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { success } from '../../../src/model/result.ts';
import { headOf, statisticsOf } from './statistics-support.ts';
import { coveredBy, failingEndpoint, memoryEndpoint, messages, scopeOf, selectionOf } from '../support.ts';

const ALL: TsdbStatisticsRequest = { limit: undefined, matchers: [] };
const REPLICA_A = { shard: '0', __replica__: 'a' };
const REPLICA_B = { shard: '0', __replica__: 'b' };
const COVERED = coveredBy('a:1');

function withSeries(
  address: string,
  labels: Record<string, string>,
  series: Readonly<Record<string, number>>,
  { more = {}, seen = [] }: { more?: Partial<Endpoint>; seen?: TsdbStatisticsRequest[] } = {},
): Endpoint {
  const items = Object.entries(series).map(([tenant, count]) => ({
    tenant,
    statistics: statisticsOf({ headStatistics: headOf(count, 1, 2) }),
  }));
  return memoryEndpoint(address, labels, [], more, {
    ...NO_LISTS,
    tsdbStatistics: (_, request) => {
      seen.push(request);
      return Promise.resolve(success({ items, annotations: [] }));
    },
  });
}

test('every endpoint counts, replicas too, tenant by tenant', async () => {
  const { lists } = selectionOf(
    withSeries('a:1', REPLICA_A, { '': 10 }),
    withSeries('b:1', REPLICA_B, { '': 10 }, { more: COVERED }),
    withSeries('c:1', {}, { t: 3 }),
  );
  const { byTenant, annotations } = await lists.tsdbStatistics(scopeOf(), ALL);
  const counts = [...byTenant].map(([tenant, { headStatistics }]) => [tenant, headStatistics.numSeries]);
  assert.deepEqual(Object.fromEntries(counts), { '': 20, t: 3 });
  assert.deepEqual(annotations, []);
});

test('a lost replica is missing in the sum, so it is a warning or without partial response an error', async () => {
  const { lists } = selectionOf(
    withSeries('a:1', REPLICA_A, { '': 10 }),
    failingEndpoint('b:1', REPLICA_B, COVERED),
  );
  const { byTenant, annotations } = await lists.tsdbStatistics(scopeOf(), ALL);
  assert.equal(byTenant.get('')!.headStatistics.numSeries, 10);
  const message =
    'in shard {shard="0"} endpoint b:1 did not answer: connection refused; what it holds is not counted';
  assert.deepEqual(messages(annotations), [`warning: ${message}`]);
  await assert.rejects(lists.tsdbStatistics(scopeOf({ partialResponse: false }), ALL), {
    kind: 'unavailable',
    message,
  });
});

test('an endpoint of unknown labels is named', async () => {
  const { lists } = selectionOf(failingEndpoint('x:1', {}, { externalLabels: undefined }));
  const { annotations } = await lists.tsdbStatistics(scopeOf(), ALL);
  assert.match(messages(annotations).join(), /^warning: endpoint x:1 never answered/);
});

test('matchers on external labels choose endpoints, others are sent on with the limit', async () => {
  const seen: TsdbStatisticsRequest[] = [];
  const { lists } = selectionOf(
    withSeries('a:1', REPLICA_A, { '': 10 }, { seen }),
    failingEndpoint('c:1', { shard: '1' }),
  );
  const shard = { kind: '=', name: 'shard', value: '0' } as const;
  const tenant = { kind: '=', name: 'tenant', value: 'x' } as const;
  await lists.tsdbStatistics(scopeOf(), { limit: 3, matchers: [shard, tenant] });
  assert.deepEqual(seen, [{ limit: 3, matchers: [tenant] }]);
});
