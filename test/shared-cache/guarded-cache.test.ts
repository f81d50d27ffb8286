import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NEVER_LATE } from '../../src/model/lateness.ts';
import type { CacheClient } from '../../src/shared-cache/cache-client.ts';
import { GuardedCache } from '../../src/shared-cache/guarded-cache.ts';
import type { SharedCacheCall } from '../../src/shared-cache/shared-cache.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const VALUE = Uint8Array.of(1, 2, 3);
const TIMEOUT = 50;
const PING = 1000;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A guard in front of a server that does what the test says. */
function guarding() {
  const timers = new ManualTimers();
  const world = {
    now: 0,
    refuses: undefined as string | undefined,
    get: async (keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> =>
      keys.map(() => VALUE),
    put: async (_key: string): Promise<void> => {},
    ping: async (): Promise<void> => {},
    connects: 0,
    closed: 0,
  };
  const told: SharedCacheCall[] = [];
  const changes: (string | undefined)[] = [];
  const cache = new GuardedCache(
    { server: 'c:1', timeoutMs: TIMEOUT, mostValueBytes: 3 },
    {
      connect: async (): Promise<CacheClient> => {
        world.connects++;
        if (world.refuses !== undefined) throw new Error(world.refuses);
        return {
          get: (keys) => world.get(keys),
          put: (key) => world.put(key),
          ping: () => world.ping(),
          close: () => void world.closed++,
        };
      },
      clock: { now: () => world.now, monotonic: () => world.now },
      timers,
      lateness: NEVER_LATE,
      onCall: (call) => told.push(call),
      onChange: (trouble) => changes.push(trouble),
    },
  );
  const outcomes = (): readonly string[] => told.map(({ call, outcome }) => `${call} ${outcome}`);
  return { cache, timers, world, outcomes, changes };
}

const hangs = (): Promise<never> => new Promise(() => {});

describe('a guarded cache', () => {
  test('hands out what the server has', async () => {
    const { cache, outcomes } = guarding();
    await turn();
    assert.deepEqual(await cache.get(['a', 'b']), [VALUE, VALUE]);
    assert.deepEqual(outcomes(), ['get answered']);
    cache.close();
  });

  test('waits for nobody while it connects', async () => {
    const { cache, outcomes } = guarding();
    assert.deepEqual(await cache.get(['a']), [undefined]);
    assert.deepEqual(outcomes(), ['get skipped']);
    cache.close();
  });

  test('gives a frozen server up after the first question that is not answered in time', async () => {
    const { cache, timers, world, outcomes, changes } = guarding();
    await turn();
    world.get = hangs;
    const asked = [cache.get(['a']), cache.get(['b'])];
    await timers.fire(TIMEOUT);
    assert.deepEqual(await Promise.all(asked), [[undefined], [undefined]]);
    assert.deepEqual(await cache.get(['a']), [undefined]);
    assert.deepEqual(outcomes(), ['get failed', 'get failed', 'get skipped']);
    assert.deepEqual(changes, ['it did not answer within 50 ms']);
    assert.equal(world.closed, 1);
    cache.close();
  });

  test('tries a lost server again, each time after a longer pause, and asks it once it is there', async () => {
    const { cache, timers, world, changes } = guarding();
    world.refuses = 'connection refused';
    await turn();
    world.get = () => Promise.reject(new Error('it ended the connection'));
    await cache.get(['a']);
    const pauses = [];
    for (let i = 0; i < 8; i++) {
      await turn();
      pauses.push(timers.delays()[0]);
      await timers.fire(timers.delays()[0]);
    }
    assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    world.refuses = undefined;
    world.get = async () => [VALUE];
    await timers.fire(10_000);
    await turn();
    assert.deepEqual(await cache.get(['a']), [VALUE]);
    assert.deepEqual(changes, ['it ended the connection', undefined]);
    cache.close();
  });

  test('notices that an idle server froze', async () => {
    const { cache, timers, world, changes } = guarding();
    await turn();
    await timers.fire(PING);
    world.ping = hangs;
    await timers.fire(PING);
    await timers.fire(10 * TIMEOUT);
    assert.deepEqual(changes, ['it did not answer within 500 ms']);
    assert.equal(cache.isThere, false);
    cache.close();
  });

  test('gives up a server that is slow again and again', async () => {
    const { cache, timers, world, changes } = guarding();
    await turn();
    world.get = async () => {
      world.now += 30;
      return [VALUE];
    };
    for (let i = 0; i < 7; i++) {
      assert.deepEqual(await cache.get(['a']), [VALUE]);
      // A sign of life that comes at once does not make questions faster.
      await timers.fire(PING);
    }
    assert.equal(cache.isThere, true);
    await cache.get(['a']);
    assert.equal(cache.isThere, false);
    assert.deepEqual(changes, ['it answered 8 times in a row after more than 25 ms']);
    cache.close();
  });

  test('leaves out values that are too large, and answers that are too short', async () => {
    const { cache, world } = guarding();
    await turn();
    world.get = async () => [new Uint8Array(4)];
    assert.deepEqual(await cache.get(['a', 'b']), [undefined, undefined]);
    cache.put('a', new Uint8Array(4), 1000);
    cache.close();
  });

  test('puts one value after the other, and leaves out those for which too many wait', async () => {
    const { cache, world, outcomes } = guarding();
    await turn();
    const put: string[] = [];
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
    world.put = async (key) => {
      put.push(key);
      await goesOn;
    };
    for (let i = 0; i < 1026; i++) cache.put(`k${i}`, VALUE, 1000);
    await turn();
    assert.deepEqual(put, ['k0']);
    assert.deepEqual(outcomes(), ['put skipped']);
    goOn();
    await turn();
    assert.equal(put.length, 1025);
    assert.equal(outcomes().filter((outcome) => outcome === 'put answered').length, 1025);
    cache.close();
  });

  test('lets so many questions through at a time', async () => {
    const { cache, timers, world, outcomes } = guarding();
    await turn();
    world.get = hangs;
    const asked = Array.from({ length: 257 }, () => cache.get(['a']));
    assert.deepEqual(await asked.at(-1), [undefined]);
    assert.deepEqual(outcomes(), ['get skipped']);
    await timers.fire(TIMEOUT);
    await Promise.all(asked);
    cache.close();
  });

  test('ends what it began when it is closed', async () => {
    const { cache, timers, world } = guarding();
    await turn();
    cache.close();
    await turn();
    assert.deepEqual(timers.delays(), []);
    assert.deepEqual([world.connects, world.closed], [1, 1]);
    assert.deepEqual(await cache.get(['a']), [undefined]);
  });
});
