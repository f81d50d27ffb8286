import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { watchTurns } from './busy-turns.ts';

/** Takes the processor for so many ms. */
function spin(ms: number): void {
  const taken = (): number => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  };
  for (const from = taken(); taken() - from < ms * 1000;) JSON.parse('[1,2,3]');
}

test('the longest turn is the longest without a rest, and the total is all of them', async () => {
  const { total, longestTurn } = await watchTurns(async () => {
    for (const ms of [20, 60, 20]) {
      spin(ms);
      await nextTurn();
    }
  });
  assert.ok(longestTurn >= 60, `${longestTurn} ms`);
  assert.ok(longestTurn <= total - 40, `${longestTurn} of ${total} ms`);
});

test('a promise that is there already is no rest', async () => {
  const { longestTurn } = await watchTurns(async () => {
    spin(30);
    await Promise.resolve();
    spin(30);
  });
  assert.ok(longestTurn >= 60, `${longestTurn} ms`);
});

test('waiting is no work', async () => {
  const { longestTurn } = await watchTurns(async () => wait(60));
  assert.ok(longestTurn < 40, `${longestTurn} ms`);
});
