import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareStrings } from '../../../src/model/compare-strings.ts';
import type { ItemList } from '../../../src/model/lazy-list.ts';
import { PackedTexts } from '../../../src/model/packed-texts.ts';
import { firstTexts, unionTexts } from '../../../src/select/lists/union-texts.ts';
import { testPacer } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';

function budgetOf(): { taken: number; take(bytes: number): void } {
  return {
    taken: 0,
    take(bytes) {
      this.taken += bytes;
    },
  };
}

const union = async (...lists: readonly ItemList<string>[]): Promise<PackedTexts> =>
  unionTexts(lists, budgetOf(), testPacer());

function packed(...texts: readonly string[]): PackedTexts {
  const list = new PackedTexts();
  for (const text of texts) list.addText(text);
  return list;
}

test('lists in any order, packed or not, become one that is sorted and has each text once', async () => {
  const item = fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f', 'aa', 'é', '😀', '\uffff');
  const texts = fc.oneof(
    fc.array(item),
    fc.uniqueArray(item).map((items) => items.toSorted(compareStrings)),
  );
  const list = fc.record({ texts, isPacked: fc.boolean() });
  await assertProperty(
    fc.asyncProperty(fc.array(list, { maxLength: 5 }), async (lists) => {
      const given = lists.map((one) => (one.isPacked ? packed(...one.texts) : one.texts));
      const all = lists.flatMap((one) => one.texts);
      assert.deepEqual([...(await union(...given))], [...new Set(all)].toSorted(compareStrings));
      assert.deepEqual(
        given.map((one) => [...one]),
        lists.map((one) => one.texts),
      );
    }),
    { seed: 41, numRuns: 300 },
  );
});

test('a list that has all is the answer itself, whichever it is', async () => {
  const all = packed('a', 'b', 'c', 'd');
  assert.equal(await union(all, packed('a', 'b', 'c', 'd'), packed('b', 'd'), packed()), all);
  assert.equal(await union(packed('b', 'd'), all), all);
});

test('what is made besides counts against the budget', async () => {
  const budget = budgetOf();
  const [one, other] = [packed('a', 'c'), packed('a', 'b')];
  const made = await unionTexts([one, other], budget, testPacer());
  assert.deepEqual([...made], ['a', 'b', 'c']);
  assert.equal(budget.taken, made.bytes);
});

test('the first texts of a list are a list of their own', () => {
  assert.deepEqual([...firstTexts(packed('a', 'b', 'c'), 2)], ['a', 'b']);
});
