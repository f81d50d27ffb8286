import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDurationParameter } from '../../../src/http/parameters/duration.ts';
import { refuses } from './refuses.ts';

test('durations are float seconds or units', () => {
  assert.equal(parseDurationParameter('0.5'), 500);
  assert.equal(parseDurationParameter('-1'), -1000);
  assert.equal(parseDurationParameter('1m30s'), 90_000);
  refuses(parseDurationParameter, 'abc', 'cannot parse "abc" to a valid duration');
  assert.equal(parseDurationParameter('1e-10'), 0);
  assert.ok(parseDurationParameter('NaN') < -1e12);
  refuses(parseDurationParameter, '1e300', 'cannot parse "1e300" to a valid duration. It overflows int64');
});
