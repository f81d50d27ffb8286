import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_TIME, MIN_TIME } from '../../src/model/time-range.ts';
import { timeText } from '../../src/model/time-text.ts';

test('times are written in UTC, with a fraction where they have one', () => {
  assert.equal(timeText(0), '1970-01-01 00:00:00');
  assert.equal(timeText(1_795_846_737_585), '2026-11-28 06:18:57.585');
  assert.equal(timeText(-1), '1969-12-31 23:59:59.999');
});

test('times beyond years of four digits are told in ms', () => {
  for (const ms of [MIN_TIME, MAX_TIME, Infinity]) assert.equal(timeText(ms), `${ms} ms`);
});
