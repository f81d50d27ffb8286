import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOffset } from '../../src/model/clock-offset.ts';

const NOW = Date.UTC(2026, 10, 28, 12, 0, 0, 250);

test('a clock that is a little off is right', () => {
  assert.equal(clockOffset('Sat, 28 Nov 2026 12:00:00 GMT', NOW), 0);
  assert.equal(clockOffset('Sat, 28 Nov 2026 12:00:29 GMT', NOW), 0);
  assert.equal(clockOffset('Sat, 28 Nov 2026 11:59:31 GMT', NOW), 0);
});

test('a clock that is far off is told in steps of ten seconds', () => {
  assert.equal(clockOffset('Sat, 28 Nov 2026 12:10:03 GMT', NOW), 600_000);
  assert.equal(clockOffset('Sat, 28 Nov 2026 11:59:22 GMT', NOW), -40_000);
});

test('of no time, or of nonsense, nothing follows', () => {
  for (const date of ['', 'soon', '\0', '9'.repeat(1000)]) assert.equal(clockOffset(date, NOW), undefined);
});
