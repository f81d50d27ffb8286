import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sortDistinct, sortNumbersPaced, sortPaced } from '../../src/model/paced-sort.ts';
import { eagerPace, NO_PAUSE } from '../support/pace.ts';
import { assertProperty } from '../support/property.ts';

interface Item {
  readonly key: number;
  readonly place: number;
}

const byKey = (a: Item, b: Item): number => a.key - b.key;

function itemsOf(keys: readonly number[]): readonly Item[] {
  return keys.map((key, place) => ({ key, place }));
}

test('sorts as toSorted does, equal items in their order', async () => {
  const run = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 });
  const sortedRun = run.map((keys) => keys.toSorted((a, b) => a - b));
  const runs = fc.array(fc.oneof(run, sortedRun), { maxLength: 9 });
  await assertProperty(
    fc.asyncProperty(runs, async (some) => {
      const items = itemsOf(some.flat());
      assert.deepEqual(await sortPaced(items, byKey, NO_PAUSE), items.toSorted(byKey));
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('lists that are sorted already cost about a comparison an item, and a falling one as well', async () => {
  const rising = Array.from({ length: 1000 }, (_, i) => i);
  for (const keys of [rising, rising.toReversed(), [...rising, ...rising]]) {
    let comparisons = 0;
    const counting = (a: Item, b: Item): number => {
      comparisons++;
      return byKey(a, b);
    };
    const sorted = await sortPaced(itemsOf(keys), counting, NO_PAUSE);
    assert.deepEqual(sorted, itemsOf(keys).toSorted(byKey));
    assert.ok(comparisons <= 2.1 * keys.length, `${comparisons} for ${keys.length} items`);
  }
});

test('gives way on the way, and ends where the request ended', async () => {
  const items = itemsOf(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000));
  const pace = eagerPace();
  await sortPaced(items, byKey, pace);
  assert.ok(pace.pauses > 500, `${pace.pauses} pauses`);
  const ended = new Error('ended');
  const ending = { due: () => true, breathe: () => Promise.reject(ended) };
  await assert.rejects(sortPaced(items, byKey, ending), ended);
});

test('of equal items the first one alone stays where each is wanted once', async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), async (keys) => {
      const found = await sortDistinct(itemsOf(keys), byKey, NO_PAUSE);
      const expected = [...new Set(keys)]
        .toSorted((a, b) => a - b)
        .map((key) => ({ key, place: keys.indexOf(key) }));
      assert.deepEqual(found, expected);
    }),
    { seed: 12, numRuns: 300 },
  );
  const pace = eagerPace();
  await sortDistinct(itemsOf(Array.from({ length: 5000 }, (_, i) => i % 7)), byKey, pace);
  assert.ok(pace.pauses > 100, `${pace.pauses} pauses`);
});

test('numbers are sorted as objects are', async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(fc.integer({ min: -99, max: 99 })), async (numbers) => {
      const sorted = await sortNumbersPaced(Int32Array.from(numbers), (a, b) => a - b, NO_PAUSE);
      assert.deepEqual(
        [...sorted],
        numbers.toSorted((a, b) => a - b),
      );
    }),
    { seed: 12, numRuns: 100 },
  );
});
