import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type HeapTop, StepHeaps } from '../../../../src/engine/kernels/aggregate/step-heaps.ts';
import { NO_PAUSE } from '../../../support/pace.ts';
import { assertProperty } from '../../../support/property.ts';

async function picked(values: readonly number[], k: number, top: HeapTop): Promise<number[]> {
  const heaps = new StepHeaps(2, k, top);
  values.forEach((value, series) => heaps.offer(1, series, value, k));
  await heaps.sort(1, NO_PAUSE);
  return Array.from({ length: heaps.size(1) }, (_, i) => heaps.seriesAt(1, i));
}

test('topk and bottomk keep the k best values, best first, NaN last', async () => {
  const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(NaN));
  await assertProperty(
    fc.asyncProperty(
      fc.array(value, { maxLength: 40, size: 'max' }),
      fc.integer({ min: 1, max: 20 }),
      async (values, k) => {
        for (const [top, sign] of [
          ['lowest', -1],
          ['highest', 1],
        ] as const) {
          const order = values
            .filter((x) => !Number.isNaN(x))
            .sort((a, b) => sign * (a - b))
            .concat(values.filter(Number.isNaN));
          assert.deepEqual(
            (await picked(values, k, top)).map((series) => values[series]! + 0),
            order.slice(0, k).map((x) => x + 0),
          );
        }
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});

test('of equal values the earlier series stays', async () => {
  assert.deepEqual(new Set(await picked([3, 3, 3], 2, 'lowest')), new Set([0, 1]));
  assert.deepEqual(new Set(await picked([3, 3, 3], 2, 'highest')), new Set([0, 1]));
});

test('steps do not see each other', () => {
  const heaps = new StepHeaps(2, 2, 'lowest');
  heaps.push(0, 7, 1);
  heaps.push(1, 8, 2);
  assert.deepEqual([heaps.size(0), heaps.size(1)], [1, 1]);
  assert.deepEqual([heaps.seriesAt(0, 0), heaps.valueAt(1, 0)], [7, 2]);
});
