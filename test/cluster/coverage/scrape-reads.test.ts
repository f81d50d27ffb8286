import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ScrapeReads,
  SLOW_READ_MS,
  SLOW_READS,
  type ReadUp,
} from '../../../src/cluster/coverage/scrape-reads.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { success } from '../../../src/model/result.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { memoryEndpoint } from '../../select/support.ts';

/** So many are read at the same time. */
const PLACES = 2;

/** Reads of endpoints that do not answer before they are let go. */
function hangingReads() {
  const timers = new ManualTimers();
  const begun: string[] = [];
  const letGo = new Map<string, () => void>();
  const read: ReadUp = async ({ address }) => {
    begun.push(address);
    await new Promise<void>((resolve) => letGo.set(address, resolve));
    return success(Infinity);
  };
  const reads = new ScrapeReads({
    replicaLabels: ['__replica__'],
    read,
    clock: { now: () => 1e9, monotonic: () => 0 },
    timers,
  });
  const endpoints = Array.from({ length: PLACES + SLOW_READS + 2 }, (_, i): Endpoint => {
    const name = String(i);
    return memoryEndpoint(name, { cluster: 'eu', __replica__: name }, []);
  });
  return { timers, begun, letGo, endpoints, refresh: (i: number) => reads.refresh(endpoints[i]!) };
}

describe('reads of endpoints that hang', () => {
  it('do not keep others from being read', async () => {
    const { timers, begun, letGo, refresh } = hangingReads();
    const all = [0, 1, 2].map(refresh);
    await nextTurn();
    assert.deepEqual(begun, ['0', '1']);
    await timers.fire(SLOW_READ_MS);
    assert.deepEqual(begun, ['0', '1', '2']);
    for (const end of letGo.values()) end();
    await Promise.all(all);
    assert.deepEqual(timers.delays(), []);
  });

  it('go on beside others in a bounded number, and one more keeps its place', async () => {
    const { timers, begun, letGo, endpoints, refresh } = hangingReads();
    const all = endpoints.map((_, i) => refresh(i));
    for (let round = 0; round < endpoints.length; round++) await timers.fire(SLOW_READ_MS);
    assert.equal(begun.length, SLOW_READS + PLACES);
    letGo.get('0')!();
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    assert.equal(begun.length, SLOW_READS + PLACES, 'its place was taken over already');
    letGo.get(begun[begun.length - 1]!)!();
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    assert.equal(begun.length, SLOW_READS + PLACES + 1);
    while (begun.length < endpoints.length || letGo.size > 0) {
      for (const [address, end] of letGo) {
        letGo.delete(address);
        end();
      }
      await nextTurn();
    }
    await Promise.all(all);
  });
});
