import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeInt64, formatSeconds, formatTimestamp } from '../../../src/http/json/scalars.ts';

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

test('timestamps of samples have no or three decimals', () => {
  assert.equal(formatTimestamp(1_795_347_900_000), '1795347900');
  assert.equal(formatTimestamp(1_795_348_798_500), '1795348798.500');
  assert.equal(formatTimestamp(7), '0.007');
  assert.equal(formatTimestamp(-1500), '-1.500');
  assert.equal(formatTimestamp(0), '0');
});

test('timestamps of scalars are plain numbers', () => {
  assert.equal(formatSeconds(1_795_392_561_930), '1795392561.93');
  assert.equal(formatSeconds(32_000), '32');
});
