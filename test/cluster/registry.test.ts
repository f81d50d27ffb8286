import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RawSeries } from '../../src/backend/backend.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { EndpointRegistry } from '../../src/cluster/registry.ts';
import type { EndpointSpec } from '../../src/cluster/registry.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { failingBackend } from '../support/failing-backend.ts';
import type { Fault } from '../support/failing-backend.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { columnsSeries } from '../select/support.ts';

const NEVER = new AbortController().signal;
const NOW = 1_000_000;

function upSeries(...instances: readonly string[]): readonly RawSeries[] {
  return instances.map((instance) => columnsSeries({ __name__: 'up', instance }, [[NOW - 1000, 1]]));
}

function spec(
  address: string,
  labels: Record<string, string>,
  series: readonly RawSeries[],
  fault: Fault = {},
): EndpointSpec {
  const backend = createMemoryBackend({ address, externalLabels: labelsFromRecord(labels), series });
  return { backend: failingBackend(backend, fault), replication: 'auto', timeoutMs: 1000 };
}

function registryOf(
  endpoints: readonly EndpointSpec[],
  timers = new ManualTimers(),
  onChange?: (endpoint: Endpoint) => void,
  now: () => number = () => NOW,
) {
  return new EndpointRegistry({
    endpoints,
    replicaLabels: ['__replica__'],
    refreshIntervalMs: 30_000,
    clock: { now, monotonic: () => 0 },
    timers,
    ...(onChange && { onChange }),
  });
}

test('an endpoint is pending until it was asked, then it has its labels', async () => {
  const registry = registryOf([spec('a:1', { cluster: 'eu' }, [])]);
  assert.equal(registry.topology().endpoints[0]!.health.kind, 'pending');
  assert.equal(registry.topology().endpoints[0]!.externalLabels, undefined);
  await registry.refresh(NEVER);
  const [endpoint] = registry.topology().endpoints;
  assert.equal(endpoint!.health.kind, 'up');
  assert.deepEqual(endpoint!.externalLabels, labelsFromRecord({ cluster: 'eu' }));
  assert.equal(endpoint!.answeredAt, NOW);
});

test('a topology that was handed out does not change', async () => {
  const registry = registryOf([spec('a:1', {}, [])]);
  const before = registry.topology();
  await registry.refresh(NEVER);
  assert.equal(before.endpoints[0]!.health.kind, 'pending');
});

test('an endpoint that goes away keeps its labels and says why', async () => {
  const fault: Fault = {};
  const changes: string[] = [];
  const registry = registryOf([spec('a:1', { cluster: 'eu' }, [], fault)], new ManualTimers(), ({ health }) =>
    changes.push(health.kind),
  );
  await registry.refresh(NEVER);
  fault.failWith = { kind: 'unavailable', reason: 'connection refused' };
  await registry.refresh(NEVER);
  await registry.refresh(NEVER);
  const [endpoint] = registry.topology().endpoints;
  assert.ok(endpoint!.health.kind === 'down');
  assert.equal(endpoint!.health.failure.reason, 'connection refused');
  assert.deepEqual(endpoint!.externalLabels, labelsFromRecord({ cluster: 'eu' }));
  fault.failWith = undefined;
  await registry.refresh(NEVER);
  assert.deepEqual(changes, ['up', 'down', 'up']);
});

test('configured labels are known before the endpoint answers, and win', async () => {
  const externalLabels = labelsFromRecord({ cluster: 'us' });
  const registry = registryOf([{ ...spec('a:1', { cluster: 'eu' }, []), externalLabels }]);
  assert.deepEqual(registry.topology().endpoints[0]!.externalLabels, externalLabels);
  await registry.refresh(NEVER);
  assert.deepEqual(registry.topology().endpoints[0]!.externalLabels, externalLabels);
});

test('replicas that scrape the same targets are proven redundant', async () => {
  const registry = registryOf([
    spec('a:1', { __replica__: 'a' }, upSeries('1', '2')),
    spec('b:1', { __replica__: 'b' }, upSeries('1', '2', '3', '4')),
  ]);
  await registry.refresh(NEVER);
  const [a, b] = registry.topology().endpoints;
  assert.equal(a!.covered.get('b:1'), 1);
  assert.equal(b!.covered.get('a:1'), 0.5);
});

test('shards that abuse the replica label are proven disjoint', async () => {
  const registry = registryOf([
    spec('a:1', { __replica__: 'shard-0' }, upSeries('1', '2')),
    spec('b:1', { __replica__: 'shard-1' }, upSeries('3', '4')),
  ]);
  await registry.refresh(NEVER);
  assert.equal(registry.topology().endpoints[0]!.covered.get('b:1'), 0);
});

test('endpoints of different shards are not compared', async () => {
  const registry = registryOf([
    spec('a:1', { shard: '0' }, upSeries('1')),
    spec('b:1', { shard: '1' }, upSeries('1')),
  ]);
  await registry.refresh(NEVER);
  assert.equal(registry.topology().endpoints[0]!.covered.size, 0);
});

test('endpoints without targets prove nothing about each other', async () => {
  const registry = registryOf([
    spec('a:1', { __replica__: 'a' }, []),
    spec('b:1', { __replica__: 'b' }, upSeries('1')),
  ]);
  await registry.refresh(NEVER);
  assert.ok(registry.topology().endpoints.every(({ covered }) => covered.size === 0));
});

test('the proof stays when one of the replicas goes away', async () => {
  const fault: Fault = {};
  const registry = registryOf([
    spec('a:1', { __replica__: 'a' }, upSeries('1')),
    spec('b:1', { __replica__: 'b' }, upSeries('1'), fault),
  ]);
  await registry.refresh(NEVER);
  fault.failWith = { kind: 'unavailable', reason: 'gone' };
  await registry.refresh(NEVER);
  assert.equal(registry.topology().endpoints[1]!.covered.get('a:1'), 1);
});

test('a healthy endpoint is asked at the interval, a failing one after 1, 2, 4 … s', async () => {
  const timers = new ManualTimers();
  const fault: Fault = { failWith: { kind: 'unavailable', reason: 'gone' } };
  const registry = registryOf([spec('a:1', {}, [], fault)], timers);
  await registry.start();
  const seen: number[] = [];
  for (let i = 0; i < 7; i++) {
    seen.push(...timers.delays());
    if (i === 5) fault.failWith = undefined;
    await timers.fire();
  }
  assert.deepEqual(seen, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  assert.equal(registry.topology().endpoints[0]!.health.kind, 'up');
  await registry.close();
  assert.deepEqual(timers.delays(), []);
});

test('an endpoint that hangs is given up after its timeout', async () => {
  const timers = new ManualTimers();
  const registry = registryOf([spec('a:1', {}, [], { delay: new Promise(() => {}) })], timers);
  const started = registry.start();
  await timers.fire();
  await started;
  const { health } = registry.topology().endpoints[0]!;
  assert.ok(health.kind === 'down');
  assert.match(health.failure.reason, /^no complete answer within 1 s; it hangs/);
  await registry.close();
});

test('an endpoint that is added is a part of the topology once it was asked', async () => {
  const { promise: delay, resolve: answer } = Promise.withResolvers<void>();
  const registry = registryOf([spec('a:1', {}, [])]);
  await registry.start();
  const added = registry.add(spec('b:1', {}, [], { delay }));
  assert.equal(registry.topology().endpoints.length, 1);
  answer();
  await added;
  assert.deepEqual(
    registry.topology().endpoints.map(({ address, health }) => `${address} ${health.kind}`),
    ['a:1 up', 'b:1 up'],
  );
  await registry.close();
});

test('an endpoint that is removed is not asked any more, nor does it prove anything', async () => {
  const timers = new ManualTimers();
  const registry = registryOf(
    [spec('a:1', { __replica__: 'a' }, upSeries('1')), spec('b:1', { __replica__: 'b' }, upSeries('1'))],
    timers,
  );
  await registry.start();
  const before = registry.topology();
  registry.remove('b:1');
  registry.remove('c:1');
  assert.equal(before.endpoints.length, 2);
  assert.deepEqual(
    registry.topology().endpoints.map(({ address, covered }) => `${address} ${covered.size}`),
    ['a:1 0'],
  );
  await timers.fire(1000);
  assert.deepEqual(timers.delays(), [30_000]);
  await registry.close();
});

test('an endpoint that is removed while it is asked never appears', async () => {
  const registry = registryOf([]);
  const added = registry.add(spec('b:1', {}, [], { delay: new Promise(() => {}) }));
  registry.remove('b:1');
  await added;
  assert.deepEqual(registry.topology().endpoints, []);
  await registry.close();
});

test('an endpoint that failed a request is suspect, and asked again at once', async () => {
  let now = NOW;
  const fault: Fault = {};
  const timers = new ManualTimers();
  const registry = registryOf([spec('a:1', {}, [], fault)], timers, undefined, () => now);
  await registry.start();
  const health = (): unknown => registry.topology().endpoints[0]!.health;

  const { promise, resolve: answer } = Promise.withResolvers<void>();
  fault.delay = promise;
  registry.suspect('a:1');
  assert.deepEqual(health(), { kind: 'up' }, 'it has answered a moment ago');
  now += 5000;
  registry.suspect('a:1');
  assert.deepEqual(health(), { kind: 'up', isSuspect: true });
  registry.suspect('a:1');
  assert.deepEqual(timers.delays(), [1000], 'one call is under way, and nothing else');
  answer();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(health(), { kind: 'up' });
  assert.deepEqual(timers.delays(), [30_000]);

  fault.failWith = { kind: 'unavailable', reason: 'connection refused' };
  now += 5000;
  registry.suspect('a:1');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(registry.topology().endpoints[0]!.health.kind, 'down');
  assert.deepEqual(timers.delays(), [1000]);
  registry.suspect('a:1');
  registry.suspect('b:1');
  assert.deepEqual(timers.delays(), [1000], 'one that is down has its own rhythm');
  await registry.close();
});
