import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeInt64 } from '../../../src/http/encode/int64.ts';

test('whole numbers are written as Go writes an int64, never with an exponent', () => {
  for (const [value, text] of [
    [0, '0'],
    [-1, '-1'],
    [1_795_392_561_907, '1795392561907'],
    [1.75, '1'],
    [2 ** 60, '1152921504606846976'],
    [2 ** 63, '9223372036854775807'],
    [-(2 ** 63), '-9223372036854775808'],
    [Infinity, '9223372036854775807'],
    [-Infinity, '-9223372036854775808'],
    [1e300, '9223372036854775807'],
  ] as const)
    assert.equal(encodeInt64(value), text);
});
