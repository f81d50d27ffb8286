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
