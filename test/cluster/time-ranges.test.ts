import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedRange, heldRange, overlaps } from '../../src/cluster/time-ranges.ts';

const WINDOW_MS = 120_000;
const NOW = 1000 * WINDOW_MS + 7;

test('what is configured is laid over what the endpoint says, in whole windows', () => {
  const window = {
    min: { kind: 'from-now', ms: -10 * WINDOW_MS },
    max: { kind: 'at', ms: 995 * WINDOW_MS },
  } as const;
  const asked = { minTime: 990 * WINDOW_MS, maxTime: 996 * WINDOW_MS - 1 };
  assert.deepEqual(askedRange({ window }, NOW), asked);
  assert.deepEqual(askedRange({ window }, NOW + WINDOW_MS - 8), asked);
  assert.equal(askedRange({ window }, NOW + WINDOW_MS).minTime, 991 * WINDOW_MS);
  const holds = { minTime: 5, maxTime: 993 * WINDOW_MS, window };
  assert.deepEqual(heldRange(holds, NOW), { minTime: 990 * WINDOW_MS, maxTime: 993 * WINDOW_MS });
  assert.ok(overlaps(holds, { minTime: 993 * WINDOW_MS, maxTime: NOW }, NOW));
  assert.ok(!overlaps(holds, { minTime: 993 * WINDOW_MS + 1, maxTime: NOW }, NOW));
});

test('without a configured range it is asked for all that it holds', () => {
  const holds = { minTime: 3, maxTime: 5 };
  assert.deepEqual(heldRange(holds, NOW), holds);
  assert.deepEqual(heldRange({ ...holds, window: {} }, NOW), holds);
});
