import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTimestamp } from '../../../../src/http/json/scalars.ts';
import { SamplePrefixes } from '../../../../src/http/routes/query/sample-prefixes.ts';

test('remembered prefixes stay right when timestamps share a slot', () => {
  const prefixes = new SamplePrefixes();
  const times = [0, 4_096_000, 0, 1500, 4_097_500, 1001, 1002, -4_096_000];
  for (const ms of times) assert.equal(prefixes.of(ms), `[${formatTimestamp(ms)},"`);
  assert.equal(prefixes.bare(1500), '[1.500,');
});
