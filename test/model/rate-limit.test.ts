import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimit } from '../../src/model/rate-limit.ts';

/** How many of ten requests at each of these times are let in. */
function letIn(rate: { interval: number; burst: number }, times: readonly number[]): readonly number[] {
  let now = 0;
  const limit = new RateLimit({ monotonic: () => now });
  return times.map((time) => {
    now = time;
    return Array.from({ length: 10 }, () => limit.allows(rate)).filter(Boolean).length;
  });
}

test('a burst is let in at once, and then one request in each interval', () => {
  assert.deepEqual(letIn({ interval: 1000, burst: 3 }, [0, 999, 1000, 3500, 100_000]), [3, 0, 1, 2, 3]);
});

test('there is no limit without an interval, and nobody comes in without a burst', () => {
  assert.deepEqual(letIn({ interval: 0, burst: 0 }, [0]), [10]);
  assert.deepEqual(letIn({ interval: -1, burst: 1 }, [0]), [10]);
  assert.deepEqual(letIn({ interval: 1, burst: 0 }, [0, 1000]), [0, 0]);
});

test('a rate that is changed begins anew', () => {
  const limit = new RateLimit({ monotonic: () => 0 });
  assert.ok(limit.allows({ interval: 1000, burst: 1 }));
  assert.ok(!limit.allows({ interval: 1000, burst: 1 }));
  assert.ok(limit.allows({ interval: 1000, burst: 2 }));
});
