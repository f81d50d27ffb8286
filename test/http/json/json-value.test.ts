import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeJson } from '../../../src/http/json/json-value.ts';

test('members may be sorted by key, at every depth', () => {
  assert.equal(encodeJson([{ b: { d: 1, c: 2 }, a: 3 }], 'sorted'), '[{"a":3,"b":{"c":2,"d":1}}]');
});

test('JSON values leave out what is undefined', () => {
  assert.equal(
    encodeJson({ a: [1, true, null, '<'], b: undefined, c: { d: 0.5 } }),
    String.raw`{"a":[1,true,null,"\u003c"],"c":{"d":0.5}}`,
  );
});

test('members may have the names of what every object has', () => {
  const value = Object.fromEntries([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
  assert.equal(encodeJson(value), '{"__proto__":1,"constructor":2}');
});
