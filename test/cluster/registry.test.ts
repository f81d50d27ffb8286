import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { endpointId } from '../../src/cluster/endpoint-id.ts';
import type { EndpointSpec } from '../../src/cluster/endpoint-spec.ts';
import { FIRST_KNOCK_MS, KNOCK_MS } from '../../src/cluster/knock.ts';
import { coverOf } from '../../src/cluster/redundancy.ts';
import { type EndpointRegistry, LISTING_GRACE_MS } from '../../src/cluster/registry.ts';
import { Vitals } from '../../src/cluster/vitals/vitals.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { NEVER_LATE } from '../../src/model/lateness.ts';
import type { Fault } from '../support/failing-backend.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { NOW, registryOf, settled, shown, specOf, upSeries, wantedOf } from './support.ts';

const [A, B] = [endpointId('a:1'), endpointId('b:1')];
const REFRESH_MS = 30_000;
const HANGS = new Promise<void>(() => {});

/** A registry whose endpoints were asked once. */
async function asked(...specs: readonly EndpointSpec[]): Promise<EndpointRegistry> {
  const registry = registryOf();
  registry.apply(wantedOf(...specs));
  await registry.asked();
  return registry;
}

test('an endpoint is pending until it was asked, then it has its labels', async () => {
  const registry = registryOf();
  registry.apply(wantedOf(specOf('a:1', { cluster: 'eu' })));
  assert.equal(shown(registry), 'a:1 pending');
  const [before] = registry.topology().endpoints;
  assert.equal(before!.externalLabels, undefined);
  assert.equal(before!.ownLabels, 'unknown');
  assert.equal(registry.checkedAt().size, 0);
  await registry.asked();
  const [endpoint] = registry.topology().endpoints;
  assert.equal(endpoint!.health.kind, 'up');
  assert.deepEqual(endpoint!.externalLabels, labelsFromRecord({ cluster: 'eu' }));
  assert.deepEqual(endpoint!.ownLabels, new Set());
  assert.deepEqual([...registry.checkedAt()], [[A, NOW]]);
  assert.equal(before!.health.kind, 'pending', 'a topology that was handed out does not change');
});

test('an endpoint that goes away keeps its labels and says why', async () => {
  const fault: Fault = {};
  const timers = new ManualTimers();
  const changes: string[] = [];
  const registry = registryOf(timers, { onChange: ({ health }) => changes.push(health.kind) });
  registry.apply(wantedOf(specOf('a:1', { cluster: 'eu' }, [], fault)));
  await registry.asked();
  fault.failWith = { kind: 'unavailable', reason: 'connection refused' };
  await timers.fire();
  await timers.fire();
  const [endpoint] = registry.topology().endpoints;
  assert.ok(endpoint!.health.kind === 'down');
  assert.equal(endpoint!.health.failure.reason, 'connection refused');
  assert.deepEqual(endpoint!.externalLabels, labelsFromRecord({ cluster: 'eu' }));
  fault.failWith = undefined;
  await timers.fire();
  assert.deepEqual(changes, ['up', 'down', 'up']);
});

test('a snapshot is another one only where something was learnt', async () => {
  const fault: Fault = {};
  const timers = new ManualTimers();
  let now = NOW;
  const registry = registryOf(timers, { clock: { now: () => now, monotonic: () => 0 } });
  registry.apply(
    wantedOf(
      specOf('a:1', { __replica__: 'a' }, upSeries('1', '2'), fault),
      specOf('b:1', { __replica__: 'b' }, upSeries('1')),
    ),
  );
  await registry.asked();
  const known = registry.topology();
  now += 1000;
  await timers.fire();
  assert.equal(registry.topology(), known);
  assert.equal(registry.checkedAt().get(A), now);
  fault.failWith = { kind: 'unavailable', reason: 'gone' };
  await timers.fire();
  const next = registry.topology();
  assert.ok(next.generation > known.generation);
  assert.equal(next.endpoints[1], known.endpoints[1], 'what stays the same stays the same object');
});

test('configured labels are known before the endpoint answers, and win', async () => {
  const externalLabels = labelsFromRecord({ cluster: 'us' });
  const registry = registryOf();
  registry.apply(wantedOf(specOf('a:1', { cluster: 'eu' }, [], {}, { externalLabels })));
  const [before] = registry.topology().endpoints;
  assert.deepEqual([before!.externalLabels, before!.ownLabels], [externalLabels, new Set()]);
  await registry.asked();
  assert.deepEqual(registry.topology().endpoints[0]!.externalLabels, externalLabels);
});

test('replicas that scrape the same targets are proven redundant', async () => {
  const registry = await asked(
    specOf('a:1', { __replica__: 'a' }, upSeries('1', '2')),
    specOf('b:1', { __replica__: 'b' }, upSeries('1', '2', '3', '4')),
  );
  const [a, b] = registry.topology().endpoints;
  assert.equal(a!.covered.get(B), 1);
  assert.equal(b!.covered.get(A), 0.5);
});

test('shards that abuse the replica label are proven disjoint', async () => {
  const registry = await asked(
    specOf('a:1', { __replica__: 'shard-0' }, upSeries('1', '2')),
    specOf('b:1', { __replica__: 'shard-1' }, upSeries('3', '4')),
  );
  assert.equal(registry.topology().endpoints[0]!.covered.get(B), 0);
});

test('endpoints of different shards are not compared', async () => {
  const registry = await asked(
    specOf('a:1', { shard: '0' }, upSeries('1')),
    specOf('b:1', { shard: '1' }, upSeries('1')),
  );
  assert.equal(registry.topology().endpoints[0]!.covered.size, 0);
});

test('endpoints without targets prove nothing about each other', async () => {
  const registry = await asked(
    specOf('a:1', { __replica__: 'a' }),
    specOf('b:1', { __replica__: 'b' }, upSeries('1')),
  );
  assert.ok(registry.topology().endpoints.every(({ covered }) => covered.size === 0));
});

test('endpoints with more targets than are read prove nothing, and say so', async () => {
  const timers = new ManualTimers();
  const many = Array.from({ length: 20_001 }, (_, i) => String(i));
  const few = [...upSeries('1')];
  const registry = registryOf(timers);
  registry.apply(
    wantedOf(specOf('a:1', { __replica__: 'a' }, few), specOf('b:1', { __replica__: 'b' }, upSeries('1'))),
  );
  await registry.asked();
  assert.equal(registry.topology().endpoints[1]!.covered.get(A), 1);
  registry.apply(
    wantedOf(
      specOf('a:1', { __replica__: 'a' }, upSeries(...many), {}, { fingerprint: 'grown' }),
      specOf('b:1', { __replica__: 'b' }, upSeries('1')),
    ),
  );
  await registry.asked();
  const [a, b] = registry.topology().endpoints;
  assert.deepEqual([a!.hasTooManyTargets, b!.hasTooManyTargets], [true, false]);
  assert.deepEqual(coverOf(a!, [b!]), { kind: 'unproven', because: 'too-many-targets' });
  assert.deepEqual(coverOf(b!, [a!]), { kind: 'unproven', because: 'too-many-targets' });
  assert.equal(a!.witnesses!.length, 3, 'some of its targets still tell when it was running');
});

test('the proof stays when one of the replicas goes away', async () => {
  const fault: Fault = {};
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  registry.apply(
    wantedOf(
      specOf('a:1', { __replica__: 'a' }, upSeries('1')),
      specOf('b:1', { __replica__: 'b' }, upSeries('1'), fault),
    ),
  );
  await registry.asked();
  fault.failWith = { kind: 'unavailable', reason: 'gone' };
  await timers.fire();
  const [, b] = registry.topology().endpoints;
  assert.equal(b!.health.kind, 'down');
  assert.equal(b!.covered.get(A), 1);
});

/** After how long an endpoint is asked again, ms: six times after a failure, then once after an answer. None is left in the end. */
async function delaysAfter(failWith: Fault['failWith']): Promise<readonly number[]> {
  const timers = new ManualTimers();
  const fault: Fault = { failWith };
  const registry = registryOf(timers);
  registry.apply(wantedOf(specOf('a:1', {}, [], fault)));
  await registry.asked();
  await settled();
  const seen: number[] = [];
  for (let i = 0; i < 7; i++) {
    seen.push(...timers.delays());
    if (i === 5) fault.failWith = undefined;
    await timers.fire();
  }
  assert.equal(shown(registry), 'a:1 up');
  await registry.close();
  assert.deepEqual(timers.delays(), []);
  return seen;
}

test('a healthy endpoint is asked at the interval, a failing one after 1, 2, 4 … s', async () => {
  assert.deepEqual(
    await delaysAfter({ kind: 'unavailable', reason: 'gone' }),
    [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
  );
});

test('an endpoint that answers without end is looked at less and less often, up to five minutes', async () => {
  assert.deepEqual(
    await delaysAfter({ kind: 'too_large', reason: 'the answer takes more than a health check may' }),
    [30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 30_000],
  );
});

test('an endpoint that hangs is given up after its timeout', async () => {
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  registry.apply(wantedOf(specOf('a:1', {}, [], { delay: HANGS })));
  await settled();
  await timers.fire(1000);
  await registry.asked();
  const { health } = registry.topology().endpoints[0]!;
  assert.ok(health.kind === 'down');
  assert.match(health.failure.reason, /^no complete answer within 1 s; it hangs/);
  await registry.close();
});

test('a backend that throws is down, and is asked again', async () => {
  const timers = new ManualTimers();
  const broken = specOf('a:1');
  const createBackend: EndpointSpec['createBackend'] = () =>
    Object.assign(broken.createBackend(), { describe: () => assert.fail('a mistake') });
  const registry = registryOf(timers);
  registry.apply(wantedOf({ ...broken, createBackend }));
  await registry.asked();
  const { health } = registry.topology().endpoints[0]!;
  assert.ok(health.kind === 'down');
  assert.match(health.failure.reason, /BUG: a mistake/);
  await settled();
  assert.deepEqual(timers.delays(), [1000]);
});

test('an endpoint that failed a request is suspect, and asked again at once', async () => {
  let now = NOW;
  const fault: Fault = {};
  const timers = new ManualTimers();
  const registry = registryOf(timers, { clock: { now: () => now, monotonic: () => 0 } });
  registry.apply(wantedOf(specOf('a:1', {}, [], fault)));
  await registry.asked();
  await settled();
  const health = (): unknown => registry.topology().endpoints[0]!.health;
  const waiting = (): readonly number[] => timers.delays();

  const { promise, resolve: answer } = Promise.withResolvers<void>();
  fault.delay = promise;
  registry.suspect(A);
  assert.deepEqual(health(), { kind: 'up' }, 'it has answered a moment ago');
  now += 5000;
  registry.suspect(A);
  assert.deepEqual(health(), { kind: 'up', isSuspect: true });
  const during = waiting();
  registry.suspect(A);
  assert.deepEqual(waiting(), during, 'one call is under way, and nothing else');
  assert.ok(!during.includes(REFRESH_MS));
  answer();
  await settled();
  assert.deepEqual(health(), { kind: 'up' });
  assert.deepEqual(waiting(), [REFRESH_MS]);

  fault.failWith = { kind: 'unavailable', reason: 'connection refused' };
  now += 5000;
  registry.suspect(A);
  await settled();
  assert.equal(shown(registry), 'a:1 down');
  assert.deepEqual(waiting(), [1000]);
  registry.suspect(A);
  registry.suspect(B);
  assert.deepEqual(waiting(), [1000], 'one that is down has its own rhythm');
  await registry.close();
});

test('an endpoint that is said to hang is down at once, and looked into anew with little time for each look', async () => {
  const fault: Fault = {};
  const timers = new ManualTimers();
  const changes: string[] = [];
  const registry = registryOf(timers, {
    clock: { now: () => NOW + 60_000, monotonic: () => 0 },
    onChange: ({ health }) => changes.push(health.kind),
  });
  registry.apply(wantedOf(specOf('a:1', {}, [], fault, { timeoutMs: 60_000 })));
  await registry.asked();
  await settled();
  fault.delay = HANGS;
  await timers.fire(REFRESH_MS);
  assert.ok(timers.delays().includes(60_000), 'a look goes on');
  registry.hang(A, { kind: 'timeout', endpoint: 'a:1', reason: 'it hangs' });
  assert.equal(shown(registry), 'a:1 down');
  await settled();
  assert.ok(!timers.delays().includes(60_000), 'that look has ended');
  await timers.fire(1000);
  assert.ok(timers.delays().includes(5000));
  fault.delay = undefined;
  await timers.fire(5000);
  await timers.fire(2000);
  assert.deepEqual(changes, ['up', 'down', 'up']);
  await registry.close();
});

test('an endpoint that gives no sign of life is down at once, before the time of the look is over', async () => {
  const fault: Fault = {};
  const timers = new ManualTimers();
  let passed = 0;
  const clock = { now: () => NOW + 60_000 + passed, monotonic: () => passed };
  const changes: string[] = [];
  const registry = registryOf(timers, {
    clock,
    vitals: new Vitals(clock, NEVER_LATE),
    onChange: ({ health }) => changes.push(health.kind),
  });
  const spec = specOf('a:1', {}, [], fault, { timeoutMs: 60_000 });
  const knock = async (signal: AbortSignal): Promise<boolean> => {
    await once(signal, 'abort');
    return false;
  };
  const createBackend: EndpointSpec['createBackend'] = () => Object.assign(spec.createBackend(), { knock });
  registry.apply(wantedOf({ ...spec, createBackend }));
  await registry.asked();
  await settled();
  fault.delay = HANGS;
  await timers.fire(REFRESH_MS);
  await timers.fire(FIRST_KNOCK_MS);
  passed = FIRST_KNOCK_MS + KNOCK_MS;
  await timers.fire(KNOCK_MS);
  assert.equal(shown(registry), 'a:1 down');
  const { health } = registry.topology().endpoints[0]!;
  assert.match(health.kind === 'down' ? health.failure.reason : '', /^it hangs/);
  assert.ok(!timers.delays().includes(60_000), 'that look has ended');
  fault.delay = undefined;
  await timers.fire(1000);
  assert.deepEqual(changes, ['up', 'down', 'up']);
  await registry.close();
});

test('what is closed asks nothing any more and takes no endpoints', async () => {
  const closed: string[] = [];
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  registry.apply(wantedOf(specOf('a:1', {}, [], {}, { closed }), specOf('c:1', {}, [], {}, { closed })));
  await registry.asked();
  registry.apply(wantedOf(specOf('a:1', {}, [], {}, { closed })));
  await registry.close();
  assert.deepEqual(closed.sort(), ['a:1', 'c:1']);
  registry.apply(wantedOf(specOf('b:1', {}, [], {}, { createBackend: () => assert.fail('it is closed') })));
  assert.deepEqual(timers.delays(), []);
});

test('new endpoints are listed together after their first answers, or after a grace', async () => {
  const timers = new ManualTimers();
  const registry = await (async () => {
    const made = registryOf(timers);
    made.apply(wantedOf(specOf('a:1')));
    await made.asked();
    return made;
  })();
  const { promise: delay, resolve: answer } = Promise.withResolvers<void>();
  registry.apply(
    wantedOf(specOf('a:1'), specOf('b:1', {}, [], { delay }), specOf('c:1', {}, [], { delay: HANGS })),
  );
  const seen: string[] = [];
  const switched = registry.withNewOnes(() => seen.push(shown(registry)));
  assert.equal(shown(registry), 'a:1 up');
  answer();
  await settled();
  assert.equal(shown(registry), 'a:1 up');
  assert.deepEqual(seen, []);
  await timers.fire(LISTING_GRACE_MS);
  assert.equal(shown(registry), 'a:1 up, b:1 up, c:1 pending');
  await switched;
  assert.deepEqual(seen, ['a:1 up'], 'in the step in which the topology changes, and before it has');
  await registry.close();
});
