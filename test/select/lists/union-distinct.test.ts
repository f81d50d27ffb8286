import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareStrings } from '../../../src/model/compare-strings.ts';
import { unionDistinct } from '../../../src/select/lists/union-distinct.ts';
import { testPacer } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';

const union = async (...lists: readonly (readonly string[])[]): Promise<readonly string[]> =>
  unionDistinct(lists, compareStrings, testPacer());

test('lists in any order become one that is sorted and has each item once', async () => {
  const item = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'é', '😀', '\uffff');
  const list = fc.oneof(
    fc.array(item),
    fc.uniqueArray(item).map((items) => items.toSorted(compareStrings)),
  );
  await assertProperty(
    fc.asyncProperty(fc.array(list, { maxLength: 5 }), async (lists) => {
      const before = structuredClone(lists);
      assert.deepEqual(await union(...lists), [...new Set(lists.flat())].toSorted(compareStrings));
      assert.deepEqual(lists, before);
    }),
    { seed: 41 },
  );
});

test('a list that has all is the answer itself', async () => {
  const all = ['a', 'b', 'c', 'd'];
  assert.equal(await union(all, ['a', 'b', 'c', 'd'], ['b', 'd'], []), all);
});
