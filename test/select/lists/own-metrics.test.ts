import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_LISTS } from '../../../src/backend/list-calls.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { seesOnly } from '../../../src/model/enforced-matchers.ts';
import { ANYBODY } from '../../../src/model/request-scope.ts';
import { success } from '../../../src/model/result.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { columnsSeries, memoryEndpoint, scopeOf } from '../support.ts';

const NOW = 10_000_000;
const METRICS = [
  ['requests', 'counter'],
  ['latency', 'histogram'],
  ['queue', 'gauge'],
  ['sizes', 'summary'],
  ['build', 'info'],
] as const;

/** The metrics of which a tenant is told that has these series. */
async function toldWith(names: readonly string[], metric = ''): Promise<readonly string[]> {
  const series = names.map((__name__) => columnsSeries({ __name__, t: 'a' }, [[NOW - 1000, 1]]));
  const ofOthers = METRICS.map(([name]) => columnsSeries({ __name__: name, t: 'b' }, [[NOW - 1000, 1]]));
  const lists = {
    ...NO_LISTS,
    metadata: async () =>
      success({
        items: METRICS.map(([name, type]) => ({ metric: name, type, unit: '', help: '' })),
        annotations: [],
      }),
  };
  const topology = fixedTopology([memoryEndpoint('e', {}, [...series, ...ofOthers], {}, lists)]);
  const clock = { now: () => NOW, monotonic: () => 0 };
  const selection = createSelection({ topology: () => topology, timers: SYSTEM_TIMERS, clock });
  const enforced = seesOnly([{ kind: '=', name: 't', value: 'a' }]);
  const scope = { ...scopeOf(), caller: { ...ANYBODY, tenant: 'a', enforced } };
  return (await selection.lists.metadata(scope, { metric })).items.map((item) => item.metric);
}

test('a tenant is told of metrics of which it has series, by the names that the series of each type have', async () => {
  assert.deepEqual(await toldWith([]), []);
  assert.deepEqual(await toldWith(['requests_total', 'latency_bucket']), ['latency', 'requests']);
  assert.deepEqual(await toldWith(['queue', 'sizes_sum', 'build_info']), ['build', 'queue', 'sizes']);
});

test('a name that another type would have is another metric', async () => {
  assert.deepEqual(await toldWith(['queue_total', 'requests_bucket', 'latency_total']), []);
});

test('one metric is found by its series, whatever is behind its name', async () => {
  assert.deepEqual(await toldWith(['latency_count', 'queue'], 'latency'), ['latency']);
});
