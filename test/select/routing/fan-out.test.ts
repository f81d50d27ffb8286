import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallLanes } from '../../../src/cluster/call-lanes.ts';
import { Vitals } from '../../../src/cluster/vitals/vitals.ts';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import { success } from '../../../src/model/result.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { ALWAYS } from '../../../src/model/time-range.ts';
import type { Call } from '../../../src/select/routing/ask-shard.ts';
import { fanOut, type ShardOutcome } from '../../../src/select/routing/fan-out.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { memoryEndpoint, scopeOf } from '../support.ts';

const SHARDS = 300;
const MS_EACH = 1;

function fanOutBy(ask: Call<number>['ask']): Promise<readonly ShardOutcome<number>[]> {
  const shards = Array.from({ length: SHARDS }, (_, i) => ({
    name: String(i),
    routes: [{ endpoint: memoryEndpoint(`${i}:1`, {}, []), within: ALWAYS, matcherSets: [], wanted: [] }],
  }));
  const vitals = new Vitals(SYSTEM_CLOCK, NEVER_LATE);
  return fanOut(
    { timers: SYSTEM_TIMERS, clock: SYSTEM_CLOCK, lateness: NEVER_LATE, vitals, lanes: new CallLanes() },
    scopeOf(),
    { shards, unknown: [], remarks: [] },
    { kind: 'samples', ask },
  );
}

function compute(): void {
  const began = performance.now();
  while (performance.now() - began < MS_EACH);
}

describe('a request to hundreds of shards', () => {
  it('keeps nobody waiting while it begins, and hears of each in order', async () => {
    let outcomes: readonly ShardOutcome<number>[] = [];
    const busy = await watchTurns(async () => {
      outcomes = await fanOutBy(async (_, { endpoint }) => {
        compute();
        return success(Number.parseInt(endpoint.address, 10));
      });
    });
    const heard = outcomes.map(({ outcomes: [first] }) =>
      first?.result.ok === true ? first.result.value : -1,
    );
    assert.deepEqual(heard, [...Array(SHARDS).keys()]);
    assert.ok(busy.longestTurn < 100, `${busy.longestTurn} ms at a stretch of ${busy.total}`);
  });

  it('fails with a mistake of our own that shows before all are asked', async () => {
    const mistake = new Error('a mistake');
    const asked = fanOutBy(async (_, { endpoint }) => {
      compute();
      if (endpoint.address === '0:1') throw mistake;
      return success(0);
    });
    await assert.rejects(asked, mistake);
  });
});
