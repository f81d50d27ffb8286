import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { READY_MS, Readiness, type Unanswered } from '../../src/app/readiness.ts';
import { fixedEndpoint } from '../../src/cluster/fixed-endpoint.ts';
import type { EndpointHealth } from '../../src/cluster/topology.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const PENDING: EndpointHealth = { kind: 'pending' };
const DOWN: EndpointHealth = {
  kind: 'down',
  failure: { kind: 'unavailable', endpoint: 'a:1', reason: 'connection refused' },
  since: 0,
};

interface World {
  readonly readiness: Readiness;
  readonly timers: ManualTimers;
  readonly heldUp: string[];
  readonly asked: () => Promise<void>;
  unanswered: readonly Unanswered[];
}

function worldOf(...unanswered: readonly Unanswered[]): World {
  const timers = new ManualTimers();
  const heldUp: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const world: Omit<World, 'readiness'> = {
    timers,
    heldUp,
    unanswered,
    asked: async () => {
      resolve();
      await promise;
    },
  };
  const readiness = new Readiness(
    promise,
    () => world.unanswered,
    timers,
    (obstacle) => void heldUp.push(obstacle),
  );
  return Object.assign(world, { readiness });
}

function endpoint(address: string, health: EndpointHealth, isStrict = false): Unanswered {
  const backend = createMemoryBackend({ address, externalLabels: EMPTY_LABELS, series: [] });
  return { endpoint: fixedEndpoint(backend, EMPTY_LABELS, { health }), isStrict };
}

describe('a gateway is ready', () => {
  it('once all endpoints were asked, whatever became of that', async () => {
    const { readiness, timers, asked } = worldOf(endpoint('a:1', DOWN));
    await asked();
    await readiness.ready();
    assert.equal(readiness.obstacle(), undefined);
    assert.deepEqual(timers.delays(), []);
  });

  it('after a few seconds, where an endpoint hangs; it says for which one it waits', async () => {
    const pending = ['a:1', 'b:1', 'c:1'].map((address) => endpoint(address, PENDING));
    const { readiness, timers, heldUp } = worldOf(...pending);
    assert.equal(readiness.obstacle(), 'it waits a few seconds for the first answer of a:1 and 2 others');
    await timers.fire(READY_MS);
    assert.deepEqual([readiness.obstacle(), heldUp], [undefined, []]);
  });

  it('not while endpoints are looked for', () => {
    assert.match(worldOf().readiness.obstacle()!, /^it is looking for its endpoints/);
  });

  it('not before each strict endpoint answered; it says which one did not, and why', async () => {
    const world = worldOf(endpoint('a:1', DOWN, true), endpoint('b:1', PENDING, true));
    const { readiness, timers, heldUp } = world;
    await timers.fire(READY_MS);
    const obstacle = 'it waits for the strict endpoint a:1, which fails: connection refused, and for 1 more';
    assert.deepEqual([readiness.obstacle(), heldUp], [obstacle, [obstacle]]);
    world.unanswered = [endpoint('b:1', PENDING, true)];
    readiness.look();
    assert.equal(readiness.obstacle(), 'it waits for the strict endpoint b:1, which has not answered yet');
    world.unanswered = [];
    readiness.look();
    await readiness.ready();
    assert.equal(readiness.obstacle(), undefined);
  });

  it('for good, also where other strict endpoints are wanted later', async () => {
    const world = worldOf();
    await world.asked();
    await world.readiness.ready();
    world.unanswered = [endpoint('a:1', DOWN, true)];
    world.readiness.look();
    assert.equal(world.readiness.obstacle(), undefined);
  });
});
