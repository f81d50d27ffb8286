import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outagesWithin } from './outages.ts';

const MINUTE = 60_000;
const INTERVAL = 15_000;

test('an edge in the window is named', () => {
  assert.deepEqual(outagesWithin(66 * MINUTE, 71 * MINUTE, INTERVAL, ''), [
    "a's outage of all begins at 70 min",
  ]);
  assert.deepEqual(outagesWithin(199 * MINUTE, 204 * MINUTE, INTERVAL, ''), [
    "a's outage of all begins at 200 min, ends at 203 min",
  ]);
});

test('an outage that covers the window is named', () => {
  assert.deepEqual(outagesWithin(75 * MINUTE, 80 * MINUTE, INTERVAL, ''), [
    "a's outage of all goes on from 70 to 85 min",
  ]);
});

test("one target's outage concerns its job alone", () => {
  const window = [98 * MINUTE, 103 * MINUTE, INTERVAL] as const;
  assert.deepEqual(outagesWithin(...window, 'api'), ["a's outage of target 0 begins at 100 min"]);
  assert.deepEqual(outagesWithin(...window, 'web'), []);
});

test('away from outages none is named', () => {
  assert.deepEqual(outagesWithin(300 * MINUTE, 305 * MINUTE, INTERVAL, ''), []);
});
