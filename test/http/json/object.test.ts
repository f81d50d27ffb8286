import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeItems,
  encodeList,
  encodeListOf,
  encodeMap,
  encodeObject,
  encodePieces,
} from '../../../src/http/json/object.ts';

test('objects keep the order of their members, without those that are undefined', () => {
  assert.equal(encodeObject({ b: '1', a: undefined, '<': 'null' }), String.raw`{"b":1,"\u003c":null}`);
  assert.equal(encodeObject({}), '{}');
});

test('maps keep the order of their entries, whatever their keys', () => {
  const map = new Map([
    ['b', 1],
    ['10', 2],
    ['__proto__', 3],
  ]);
  assert.equal(encodeMap(map, String), '{"b":1,"10":2,"__proto__":3}');
  assert.equal(encodeMap(new Map(), String), '{}');
});

test('lists are the same at once and piece by piece', () => {
  for (const items of [[], [1], [1, 2, 3]])
    for (const pieces of [encodeList(items, String), encodeListOf(items, (item) => [String(item)])])
      assert.equal([...pieces].join(''), encodeItems(items, String));
  assert.equal(encodeItems([1, 2], String), '[1,2]');
});

test('objects are the same at once and piece by piece', () => {
  for (const members of [{}, { a: undefined }, { b: '1', a: undefined, '<': '[2,3]' }])
    assert.equal([...encodePieces(members)].join(''), encodeObject(members));
  assert.deepEqual([...encodePieces({ a: ['[', '1', ']'] })], ['{"a":', '[', '1', ']', '}']);
});
