import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXTENDED_RANGE_KERNELS } from '../../../src/engine/kernels/extended-range-kernels.ts';
import { smoothedInstant } from '../../../src/engine/kernels/smoothed-instant.ts';
import { ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { type Point, histogram, rangeInput, rowValues, runKernel } from './range-support.ts';

const windows = { startSeconds: 60, stepSeconds: 60, steps: 1, rangeSeconds: 60 };

function run(extent: 'anchored' | 'smoothed', name: string, points: readonly Point[]): number | null {
  const reach = extent === 'anchored' ? { before: 300 } : { before: 300, after: 300 };
  const input = rangeInput(points, { ...windows, ...reach });
  return rowValues(runKernel(EXTENDED_RANGE_KERNELS[extent][name]!, input).row)[0]!;
}

test('anchored takes the values before both edges', () => {
  const points: Point[] = [
    [-10, 4],
    [20, 10],
    [50, 16],
    [70, 99],
  ];
  assert.equal(run('anchored', 'increase', points), 12);
  assert.equal(run('anchored', 'rate', points), 0.2);
  assert.equal(
    run('anchored', 'increase', [
      [-10, 4],
      [20, 10],
      [50, 3],
    ]),
    9,
  );
});

test('anchored gives nothing without a sample in the range', () => {
  assert.equal(
    run('anchored', 'delta', [
      [-20, 1],
      [-10, 2],
    ]),
    null,
  );
  assert.equal(
    run('anchored', 'changes', [
      [-20, 1],
      [-10, 2],
    ]),
    null,
  );
});

test('anchored resets and changes begin at the sample before the range', () => {
  const points: Point[] = [
    [-60, 9],
    [-10, 4],
    [20, 10],
    [50, 3],
  ];
  assert.equal(run('anchored', 'changes', points), 2);
  assert.equal(run('anchored', 'resets', points), 1);
});

test('smoothed interpolates at both edges', () => {
  const points: Point[] = [
    [-20, 0],
    [20, 40],
    [50, 70],
    [70, 90],
  ];
  assert.equal(run('smoothed', 'increase', points), 60);
  assert.equal(
    run('smoothed', 'delta', [
      [-10, 5],
      [10, 5],
      [50, 10],
      [70, 0],
    ]),
    0,
  );
});

test('smoothed lets a counter that was reset rise from zero', () => {
  assert.equal(
    run('smoothed', 'increase', [
      [-10, 100],
      [10, 10],
      [60, 60],
    ]),
    55,
  );
});

test('extended rates of histograms follow those of floats', () => {
  const at = (count: number) => histogram([count]);
  assert.equal(
    run('anchored', 'increase', [
      [-10, at(4)],
      [20, at(10)],
      [50, at(16)],
    ]),
    12,
  );
  assert.equal(
    run('anchored', 'increase', [
      [-10, at(4)],
      [20, at(10)],
      [50, at(3)],
    ]),
    9,
  );
  assert.equal(
    run('smoothed', 'increase', [
      [-20, at(0)],
      [20, at(40)],
      [50, at(70)],
      [70, at(90)],
    ]),
    60,
  );
  assert.equal(
    run('smoothed', 'increase', [
      [-10, at(100)],
      [10, at(10)],
      [60, at(60)],
    ]),
    55,
  );
  assert.equal(
    run('smoothed', 'rate', [
      [-10, 1],
      [10, at(10)],
    ]),
    null,
  );
});

test('a smoothed instant vector lies on the line between samples, or at the last one', () => {
  const instant = (points: readonly Point[]): number | null => {
    const input = rangeInput(points, { ...windows, rangeSeconds: 0, before: 300, after: 300 });
    return rowValues(runKernel(smoothedInstant, input).row)[0]!;
  };
  assert.equal(
    instant([
      [50, 10],
      [70, 30],
    ]),
    20,
  );
  assert.equal(
    instant([
      [50, 10],
      [60, 12],
      [70, 30],
    ]),
    12,
  );
  assert.equal(instant([[50, 10]]), 10);
  assert.equal(instant([[70, 10]]), null);
  const gauge = { resetHint: ResetHint.gauge };
  assert.equal(
    instant([
      [50, histogram([10], gauge)],
      [70, histogram([30], gauge)],
    ]),
    20,
  );
  assert.equal(
    instant([
      [50, histogram([30])],
      [70, histogram([10])],
    ]),
    5,
  );
});
