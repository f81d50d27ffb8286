import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSpec } from '../../src/cluster/endpoint-spec.ts';
import { LISTING_GRACE_MS } from '../../src/cluster/registry.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { registryOf, settled, shown, specOf, wantedOf } from './support.ts';

const HANGS = new Promise<void>(() => {});

test('what changes with new endpoints changes in the step in which the first of them is listed, others or not', async () => {
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  registry.apply(wantedOf(specOf('a:1')));
  await registry.asked();
  const hanging = (address: string): EndpointSpec => specOf(address, {}, [], { delay: HANGS });
  // One that was found before, and then a reload with two, one of which hangs as well.
  registry.apply(wantedOf(specOf('a:1'), hanging('h:1')));
  registry.apply(wantedOf(specOf('a:1'), hanging('h:1'), specOf('b:1'), hanging('c:1')));
  const seen: string[] = [];
  const switched = registry.withNewOnes(() => seen.push(shown(registry)));
  await settled();
  assert.deepEqual(seen, []);
  await timers.fire(LISTING_GRACE_MS);
  await switched;
  assert.deepEqual(seen, ['a:1 up']);
  assert.match(shown(registry), /b:1 up/);
  await registry.close();
});

test('what changes with new endpoints changes at once where there are none, where they are wanted no more, and never behind the end', async () => {
  const registry = registryOf(new ManualTimers());
  registry.apply(wantedOf(specOf('a:1')));
  await registry.asked();
  let switches = 0;
  const count = (): void => void switches++;
  await registry.withNewOnes(count);
  assert.equal(switches, 1);
  registry.apply(wantedOf(specOf('a:1'), specOf('b:1', {}, [], { delay: HANGS })));
  const switched = registry.withNewOnes(count);
  assert.equal(switches, 1);
  registry.apply(wantedOf(specOf('a:1')));
  await switched;
  assert.equal(switches, 2);
  registry.apply(wantedOf(specOf('a:1'), specOf('c:1', {}, [], { delay: HANGS })));
  const never = registry.withNewOnes(count);
  await registry.close();
  await never;
  await registry.withNewOnes(count);
  assert.equal(switches, 2);
});

test('what changes with new endpoints changes with the successor of one that is replaced while it waits for its first answer', async () => {
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  registry.apply(wantedOf(specOf('a:1')));
  await registry.asked();
  const { promise: delay, resolve: answer } = Promise.withResolvers<void>();
  registry.apply(wantedOf(specOf('a:1'), specOf('b:1', {}, [], { delay: HANGS })));
  const seen: string[] = [];
  const switched = registry.withNewOnes(() => seen.push(shown(registry)));
  registry.apply(wantedOf(specOf('a:1'), specOf('b:2', {}, [], { delay })));
  await settled();
  assert.deepEqual(seen, []);
  answer();
  await switched;
  assert.deepEqual(seen, ['a:1 up']);
  assert.equal(shown(registry), 'a:1 up, b:2 up');
  await settled();
  assert.ok(!timers.delays().includes(LISTING_GRACE_MS), 'its time is called off');
  await registry.close();
});

test('what changes with new endpoints waits for the others where one of them is not wanted any more', async () => {
  const registry = registryOf(new ManualTimers());
  registry.apply(wantedOf(specOf('a:1')));
  await registry.asked();
  const { promise: delay, resolve: answer } = Promise.withResolvers<void>();
  const other = specOf('c:1', {}, [], { delay });
  registry.apply(wantedOf(specOf('a:1'), specOf('b:1', {}, [], { delay: HANGS }), other));
  const seen: string[] = [];
  const switched = registry.withNewOnes(() => seen.push(shown(registry)));
  registry.apply(wantedOf(specOf('a:1'), other));
  await settled();
  assert.deepEqual(seen, []);
  answer();
  await switched;
  assert.deepEqual(seen, ['a:1 up']);
  assert.equal(shown(registry), 'a:1 up, c:1 up');
  await registry.close();
});

test('what changes with new endpoints waits no longer where they are replaced again and again', async () => {
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  registry.apply(wantedOf(specOf('a:1')));
  await registry.asked();
  const hanging = (address: string): EndpointSpec => specOf(address, {}, [], { delay: HANGS });
  registry.apply(wantedOf(specOf('a:1'), hanging('b:1')));
  const seen: string[] = [];
  const switched = registry.withNewOnes(() => seen.push(shown(registry)));
  const begun = timers.waiting();
  registry.apply(wantedOf(specOf('a:1'), hanging('b:2')));
  // The time of the successor alone began later.
  await timers.fire(LISTING_GRACE_MS, begun);
  await switched;
  assert.deepEqual(seen, ['a:1 up']);
  assert.equal(shown(registry), 'a:1 up, b:2 pending');
  await registry.close();
});
