import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING_USUAL, learnTime, usualTime } from '../../../src/cluster/vitals/usual-time.ts';

test('nothing is usual before there was an answer', () => {
  assert.equal(usualTime(NOTHING_USUAL, 1000), undefined);
});

test('the first answer is the mean, and later ones move it by an eighth', () => {
  const once = learnTime(NOTHING_USUAL, 1000, 80);
  assert.deepEqual(usualTime(once, 1000), { mean: 80, deviation: 40 });
  assert.deepEqual(usualTime(learnTime(once, 1000, 160), 1000), { mean: 90, deviation: 50 });
});

test('sizes are told apart, and the nearest one speaks for those that were not seen', () => {
  const times = learnTime(learnTime(NOTHING_USUAL, 100, 5), 100_000_000, 900);
  assert.equal(usualTime(times, 4096)?.mean, 5);
  assert.equal(usualTime(times, 20_000)?.mean, 5);
  assert.equal(usualTime(times, 60_000_000)?.mean, 900);
  assert.equal(usualTime(times, Number.MAX_SAFE_INTEGER)?.mean, 900);
});

test('what is known of an endpoint stays of one size', () => {
  let times = NOTHING_USUAL;
  for (let bytes = 1; bytes < 1e15; bytes *= 3) times = learnTime(times, bytes, 1);
  assert.equal(times.length, NOTHING_USUAL.length);
});
