import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds, formatTimestamp, SamplePrefixes } from '../../../src/http/encode/timestamp.ts';

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

test('remembered prefixes stay right when timestamps share a slot', () => {
  const prefixes = new SamplePrefixes();
  const times = [0, 4_096_000, 0, 1500, 4_097_500, 1001, 1002, -4_096_000];
  for (const ms of times) assert.equal(prefixes.of(ms), `[${formatTimestamp(ms)},"`);
  assert.equal(prefixes.bare(1500), '[1.500,');
});
