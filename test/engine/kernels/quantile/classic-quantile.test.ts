import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassicBuckets, straighten } from '../../../../src/engine/kernels/quantile/classic-buckets.ts';
import {
  classicFraction,
  classicQuantile,
  settle,
} from '../../../../src/engine/kernels/quantile/classic-quantile.ts';

type Bucket = readonly [upper: number, count: number];

function bucketsOf(pairs: readonly Bucket[]): ClassicBuckets {
  const buckets = new ClassicBuckets();
  for (const [upper, count] of pairs) buckets.push(upper, count);
  return buckets;
}

function quantile(q: number, ...pairs: readonly Bucket[]): number {
  return classicQuantile(q, bucketsOf(pairs), { minBucket: 0, maxBucket: 0, maxDiff: 0 });
}

const USUAL: readonly Bucket[] = [
  [0.1, 1],
  [0.2, 3],
  [1, 4],
  [Infinity, 5],
];

test('quantiles are linear inside of a bucket, from 0 on in the lowest', () => {
  assert.equal(quantile(0.1, ...USUAL), 0.05);
  assert.ok(Math.abs(quantile(0.4, ...USUAL) - 0.15) < 1e-15);
  assert.equal(quantile(0.8, ...USUAL), 1);
});

test('above the highest finite bound that bound is given', () => {
  assert.equal(quantile(0.9, ...USUAL), 1);
  assert.equal(quantile(1, ...USUAL), 1);
});

test('a lowest bound that is not positive is given itself', () => {
  assert.equal(quantile(0.1, [-1, 2], [1, 3], [Infinity, 3]), -1);
});

test('quantiles outside of 0 to 1 are infinite, NaN stays', () => {
  assert.equal(quantile(-0.1, ...USUAL), -Infinity);
  assert.equal(quantile(1.1, ...USUAL), Infinity);
  assert.equal(quantile(NaN, ...USUAL), NaN);
});

test('without +Inf, a second bucket or observations there is no quantile', () => {
  assert.equal(quantile(0.5, [1, 2], [2, 3]), NaN);
  assert.equal(quantile(0.5, [Infinity, 3]), NaN);
  assert.equal(quantile(0.5, [1, 0], [Infinity, 0]), NaN);
});

test('buckets of equal bounds add up', () => {
  assert.equal(quantile(0.5, [1, 1], [1, 1], [2, 4], [Infinity, 4]), 1);
});

test('buckets of equal bounds are added up again for each further quantile', () => {
  const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  const twice = bucketsOf([
    [1, 1],
    [1, 1],
    [2, 4],
    [Infinity, 5],
  ]);
  assert.equal(settle(twice, report), true);
  assert.deepEqual([...twice.upper.subarray(0, 4)], [1, 2, Infinity, Infinity]);
  assert.deepEqual([...twice.count.subarray(0, 4)], [2, 4, 5, 5]);
  assert.equal(classicQuantile(0.3, twice, report), 1.5);
  assert.equal(settle(bucketsOf(USUAL), report), false);
  assert.equal(settle(bucketsOf([[1, 2]]), report), false);
});

test('counts that fall are filled up and reported, rounding errors are levelled silently', () => {
  const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  const fallen = bucketsOf([
    [1, 5],
    [2, 3],
    [4, 6],
    [8, 5.5],
    [Infinity, 7],
  ]);
  assert.equal(straighten(fallen, 5, report), true);
  assert.deepEqual([...fallen.count.subarray(0, 5)], [5, 5, 6, 6, 7]);
  assert.deepEqual(report, { minBucket: 2, maxBucket: 8, maxDiff: 2 });
  const noisy = bucketsOf([
    [1, 5],
    [2, 5 - 1e-13],
    [Infinity, 5 + 1e-13],
  ]);
  assert.equal(straighten(noisy, 3, report), true);
  assert.equal(report.maxDiff, 0);
  assert.equal(straighten(noisy, 3, report), false);
  assert.deepEqual([...noisy.count.subarray(0, 3)], [5, 5, 5]);
});

test('fractions are linear inside of a bucket and take nothing from those without bound', () => {
  const fraction = (lower: number, upper: number, ...pairs: readonly Bucket[]): number =>
    classicFraction(lower, upper, bucketsOf(pairs));
  assert.equal(fraction(0, 0.1, ...USUAL), 0.2);
  assert.equal(fraction(-Infinity, Infinity, ...USUAL), 1);
  assert.equal(fraction(1, Infinity, ...USUAL), 0.2);
  assert.ok(Math.abs(fraction(0.15, 0.6, ...USUAL) - 0.3) < 1e-15);
  assert.equal(fraction(5, 7, ...USUAL), 0);
  assert.equal(fraction(1, 0, ...USUAL), 0);
  assert.equal(fraction(NaN, 1, ...USUAL), NaN);
  assert.equal(fraction(0, 1, [1, 2], [2, 3]), NaN);
  assert.equal(fraction(-7, 1, [-1, 2], [1, 4], [Infinity, 4]), 0.5);
});
