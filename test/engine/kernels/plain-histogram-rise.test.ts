import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { extrapolationFactor } from '../../../src/engine/kernels/extrapolation.ts';
import { RANGE_KERNELS } from '../../../src/engine/kernels/range-kernels.ts';
import { subtractHistograms } from '../../../src/model/histogram/combine.ts';
import { compactHistogram } from '../../../src/model/histogram/compact.ts';
import { type FloatHistogram, ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { multiplyHistogram } from '../../../src/model/histogram/scale.ts';
import { asRecord, bucketsFrom, exponential } from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';
import { type Point, rangeInput, runKernel } from './range-support.ts';

/** How much each bucket grows by from one sample to the next: often by nothing. */
const growth = fc.oneof(fc.constant(0), fc.nat({ max: 50 }), fc.double({ min: 0, max: 10, noNaN: true }));
const samples = fc.array(fc.array(growth, { minLength: 5, maxLength: 5 }), { minLength: 12, maxLength: 12 });

describe('the rise of histograms without resets is the difference of the ends', () => {
  for (const name of ['rate', 'increase', 'delta'] as const)
    it(`of ${name}`, () => {
      const isCounter = name !== 'delta';
      assertProperty(
        fc.property(samples, (growths) => {
          const hint = isCounter ? ResetHint.notReset : ResetHint.gauge;
          const points = growing(growths, hint);
          const windows = { startSeconds: 60, stepSeconds: 15, steps: 9, rangeSeconds: 60 };
          const input = rangeInput(points, windows);
          const { row, notes } = runKernel(RANGE_KERNELS[name]!, input);
          assert.deepEqual([...notes.messages], []);
          for (let step = 0; step < windows.steps; step++) {
            const [first, last] = [input.lo[step]!, input.hi[step]! - 1];
            const opening = points[first]![1] as FloatHistogram;
            const rise = subtractHistograms(points[last]![1] as FloatHistogram, opening)!.histogram;
            const factor = extrapolationFactor(
              last - first + 1,
              input.t[first]!,
              input.t[last]!,
              input.windowStart[step]!,
              input.windowEnd[step]!,
              isCounter && rise.count > 0 ? opening.count / rise.count : Infinity,
              0,
            );
            const perSecond = name === 'rate' ? factor / 60 : factor;
            const expected = multiplyHistogram(compactHistogram(rise), perSecond);
            const got = row.h!.at(step)!;
            assert.deepEqual(asRecord(got), { ...asRecord(expected), resetHint: ResetHint.gauge });
            assert.ok(
              got.positive.count.every((count) => count !== 0),
              'buckets that did not grow are not there',
            );
          }
        }),
        { seed: 41, numRuns: 200 },
      );
    });
});

it('a bucket stays that rose by so little that nothing is left of it', () => {
  const points = [0, 5e-324].map((count, i): Point => {
    const h = exponential({ positive: { 1: 1, 2: count }, resetHint: ResetHint.notReset });
    return [15 + i * 15, { ...h, count: 1 + i }];
  });
  const { row } = runKernel(
    RANGE_KERNELS['rate']!,
    rangeInput(points, { startSeconds: 60, stepSeconds: 15, steps: 1, rangeSeconds: 60 }),
  );
  assert.deepEqual(row.h!.at(0)!.positive, bucketsFrom({ 2: 0 }));
});

function growing(growths: readonly (readonly number[])[], resetHint: ResetHint): Point[] {
  const total = [1, 2, 3, 4, 5];
  return growths.map((grown, i): Point => {
    for (const [b, more] of grown.entries()) total[b]! += more;
    const positive = { 1: total[0]!, 2: total[1]!, 7: total[2]! };
    const parts = { schema: 1, zeroThreshold: 1e-9, zeroCount: total[4]!, resetHint, sum: total[0]! * 3 };
    return [(i + 1) * 15 - 1, exponential({ ...parts, positive, negative: { 2: total[3]! } })];
  });
}
