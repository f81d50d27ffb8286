import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LazyList } from '../../src/model/lazy-list.ts';

test('items are made where somebody looks, and held by nobody', () => {
  const made: number[] = [];
  const list = new LazyList(3, (index) => {
    made.push(index);
    return { index };
  });
  assert.equal(list.length, 3);
  assert.deepEqual(made, []);
  assert.deepEqual(list.at(2), { index: 2 });
  assert.notEqual(list.at(2), list.at(2));
  assert.deepEqual([...list], [{ index: 0 }, { index: 1 }, { index: 2 }]);
  assert.deepEqual(made, [2, 2, 2, 0, 1, 2]);
});

test('there is nothing before the beginning, and nothing behind the end', () => {
  const list = new LazyList(1, (index) => index);
  assert.equal(list.at(-1), undefined);
  assert.equal(list.at(1), undefined);
});
