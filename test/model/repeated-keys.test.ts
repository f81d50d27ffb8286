import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatedKeys } from '../../src/model/repeated-keys.ts';

test('each key but the first of those that are equal is found', () => {
  const keys = ['a', 'b', 'a', 1, '1', 'a', null, null].map((value, i) => ({ value, range: [10 * i] }));
  assert.deepEqual(repeatedKeys(keys), [20, 50, 70]);
  assert.deepEqual(repeatedKeys([]), []);
});
