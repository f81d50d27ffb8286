import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { nextTurn } from '../../src/model/turns.ts';

test('each turn of the event loop lets one go on, in the order in which they came', async () => {
  const wentOn: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let slice = 1; slice <= 2; slice++) {
      await nextTurn();
      wentOn.push(`${name}${slice}`);
    }
  };
  const all = Promise.all([work('a'), work('b'), work('c')]);
  const seen: number[] = [];
  for (let turn = 0; turn < 6; turn++) {
    await tick();
    seen.push(wentOn.length);
  }
  await all;
  assert.deepEqual(wentOn, ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  for (const [turn, count] of seen.entries()) assert.ok(count <= turn + 1, `${count} in ${turn + 1} turns`);
});
