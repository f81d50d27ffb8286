import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allBuckets } from '../../../src/model/histogram/buckets.ts';
import { formatHistogram } from '../../../src/model/histogram/format.ts';
import type { FloatHistogram } from '../../../src/model/histogram/float-histogram.ts';
import { custom, exponential } from '../../support/histograms.ts';

function rows(h: FloatHistogram): readonly (readonly number[])[] {
  const { length, lower, upper, count, rule } = allBuckets(h);
  return Array.from({ length }, (_, i) => [rule[i]!, lower[i]!, upper[i]!, count[i]!]);
}

test('buckets come in ascending order, with the rule of their bounds', () => {
  const h = exponential({
    zeroThreshold: 0.5,
    zeroCount: 3,
    positive: { 1: 1, 3: 2 },
    negative: { 1: 4, 2: 5 },
  });
  assert.deepEqual(rows(h), [
    [1, -4, -2, 5],
    [1, -2, -1, 4],
    [3, -0.5, 0.5, 3],
    [0, 1, 2, 1],
    [0, 4, 8, 2],
  ]);
});

test('buckets that reach into the zero bucket are cut off there', () => {
  const h = exponential({ zeroThreshold: 1.5, zeroCount: 1, positive: { 1: 1 }, negative: { 1: 1 } });
  assert.deepEqual(rows(h), [
    [1, -2, -1.5, 1],
    [3, -1.5, 1.5, 1],
    [0, 1.5, 2, 1],
  ]);
});

test('custom buckets start at -Inf and end at +Inf', () => {
  assert.deepEqual(rows(custom([-1, 5], { 0: 1, 1: 2, 2: 3 })), [
    [3, -Infinity, -1, 1],
    [0, -1, 5, 2],
    [0, 5, Infinity, 3],
  ]);
});

test('an empty zero bucket is left out, other empty buckets are not', () => {
  assert.deepEqual(rows(exponential({ zeroThreshold: 1, positive: { 2: 0 } })), [[0, 2, 4, 0]]);
});

test('the text of a histogram names its populated buckets', () => {
  const h = exponential({
    schema: 1,
    sum: 2349209.324,
    zeroThreshold: 0.01,
    zeroCount: 5.5,
    positive: { [-2]: 1, 1: 3.25, 2: 0 },
    negative: { 3: 3, 9: 123_400 },
  });
  assert.equal(
    formatHistogram(h),
    '{count:123412.75, sum:2.349209324e+06, [-22.62741699796952,-16):123400, [-2.82842712474619,-2):3, ' +
      '[-0.01,0.01]:5.5, (0.35355339059327373,0.5]:1, (1,1.414213562373095]:3.25}',
  );
  assert.equal(
    formatHistogram(custom([1, 2], { 0: 1, 2: 0.5 })),
    '{count:1.5, sum:0, [-Inf,1]:1, (2,+Inf]:0.5}',
  );
});

test('the text of a difference names its negative zero bucket', () => {
  const h = exponential({ zeroThreshold: 0.5, zeroCount: -2, positive: { 1: -1 } });
  assert.equal(formatHistogram(h), '{count:-3, sum:0, [-0.5,0.5]:-2, (1,2]:-1}');
  assert.equal(allBuckets(h).length, 1);
});
