import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { Pacer } from '../../../src/model/pacer.ts';
import { sortOrder } from '../../../src/select/reading/sort-order.ts';
import { assertProperty } from '../../support/property.ts';

const NEVER = new AbortController().signal;

test('numbers are sorted by what they stand for, equal ones in their order', async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(fc.nat(20)), async (values) => {
      const pacer = new Pacer(SYSTEM_CLOCK, NEVER);
      const order = await sortOrder(values.length, (a, b) => values[a]! - values[b]!, pacer);
      const expected = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
      assert.deepEqual([...order], expected);
    }),
    { seed: 7 },
  );
});

test('sorted runs cost one comparison a number each time they are merged', async () => {
  let compared = 0;
  const pacer = new Pacer(SYSTEM_CLOCK, NEVER);
  const length = 3000;
  // Three sorted runs, as three servers send them.
  const value = (i: number): number => (i % 1000) * 3 + Math.floor(i / 1000);
  const order = await sortOrder(
    length,
    (a, b) => {
      compared++;
      return value(a) - value(b);
    },
    pacer,
  );
  assert.deepEqual(
    [...order].map(value),
    Array.from({ length }, (_, i) => i),
  );
  assert.ok(compared < 3 * length, `${compared} comparisons`);
});

test('sorting gives way to others and ends when it is no longer wanted', async () => {
  let now = 0;
  const clock = { now: () => now, monotonic: () => now++ };
  const gone = new AbortController();
  const pacer = new Pacer(clock, gone.signal);
  setImmediate(() => {
    gone.abort();
  });
  await assert.rejects(
    sortOrder(100_000, (a, b) => b - a, pacer),
    /canceled/,
  );
});
