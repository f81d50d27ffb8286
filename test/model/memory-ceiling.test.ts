import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';

test('a limit that is raised makes room for those that wait for it', () => {
  const ceiling = new MemoryCeiling(1000);
  let isTold = false;
  ceiling.whenRoom(() => (isTold = true));
  ceiling.take(850, 1);
  assert.throws(() => ceiling.take(200, 1), /the limit of 1000/);
  ceiling.setLimit(2000);
  assert.deepEqual([isTold, ceiling.limit, ceiling.held], [true, 2000, 850]);
  ceiling.take(200, 1);
});

test('a limit that is lowered takes nothing back, and lets nothing more in', () => {
  const ceiling = new MemoryCeiling(1000);
  ceiling.take(500, 1);
  ceiling.setLimit(400);
  assert.throws(() => ceiling.take(1, 1), /the limit of 400/);
  assert.equal(ceiling.held, 500);
});
