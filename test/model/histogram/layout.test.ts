import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compactHistogram } from '../../../src/model/histogram/compact.ts';
import { histogramsEqual } from '../../../src/model/histogram/equals.ts';
import { NO_BUCKETS, ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { reduceResolution } from '../../../src/model/histogram/reduce-resolution.ts';
import { divideHistogram, multiplyHistogram } from '../../../src/model/histogram/scale.ts';
import { indicesOfSpans, spansOf } from '../../../src/model/histogram/spans.ts';
import { histogramProblem } from '../../../src/model/histogram/validate.ts';
import {
  arbitraryCustom,
  arbitraryExponential,
  asRecord,
  bucketsFrom,
  custom,
  exponential,
} from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';

test('compacting leaves out empty buckets only', () => {
  const h = compactHistogram(exponential({ positive: { 0: 0, 1: 2, 2: 0 }, negative: { 1: 0 } }));
  assert.deepEqual([...h.positive.index], [1]);
  assert.deepEqual([...h.negative.index], []);
  assert.equal(compactHistogram(h), h);
});

test('a lower resolution merges neighbours', () => {
  const h = exponential({ schema: 2, positive: { [-3]: 1, 0: 2, 1: 4, 4: 8, 5: 16 } });
  assert.deepEqual(asRecord(reduceResolution(h, 0)).positive, { 0: 3, 1: 12, 2: 16 });
});

test('property: reducing in two steps is reducing in one', () => {
  assertProperty(
    fc.property(arbitraryExponential, (h) => {
      const middle = Math.floor((h.schema - 4) / 2);
      assert.deepEqual(
        asRecord(reduceResolution(reduceResolution(h, middle), -4)),
        asRecord(reduceResolution(h, -4)),
      );
    }),
    { seed: 1 },
  );
});

test('scaling changes counts and sum, a negative factor makes a gauge', () => {
  const h = exponential({ sum: 3, zeroCount: 1, positive: { 1: 2 }, resetHint: ResetHint.reset });
  assert.deepEqual(
    asRecord(multiplyHistogram(h, 2)),
    asRecord(exponential({ sum: 6, zeroCount: 2, positive: { 1: 4 }, resetHint: ResetHint.reset })),
  );
  assert.equal(multiplyHistogram(h, -1).resetHint, ResetHint.gauge);
  assert.equal(divideHistogram(h, -2).positive.count[0], -1);
});

test('dividing by zero leaves totals without buckets', () => {
  const h = divideHistogram(exponential({ sum: 3, positive: { 1: 2 } }), 0);
  assert.deepEqual([h.count, h.sum, h.zeroCount], [Infinity, Infinity, NaN]);
  assert.equal(h.positive, NO_BUCKETS);
});

test('custom buckets have no zero bucket, whatever the factor', () => {
  assert.equal(multiplyHistogram(custom([1], { 0: 1 }), Infinity).zeroCount, 0);
  assert.equal(divideHistogram(custom([1], { 0: 1 }), 0).zeroCount, 0);
});

test('equality is about data: empty buckets and reset hints do not count', () => {
  const h = exponential({ sum: NaN, positive: { 1: 2 } });
  assert.ok(histogramsEqual(h, { ...h, positive: bucketsFrom({ 0: 0, 1: 2 }), resetHint: ResetHint.gauge }));
  assert.ok(!histogramsEqual(h, { ...h, sum: 0 }));
  assert.ok(!histogramsEqual(h, { ...h, positive: bucketsFrom({ 2: 2 }) }));
  assert.ok(!histogramsEqual(custom([1], { 0: 1 }), custom([2], { 0: 1 })));
});

test('property: spans and indices describe the same buckets', () => {
  assertProperty(
    fc.property(arbitraryExponential, ({ positive }) => {
      const spans = spansOf(positive);
      assert.deepEqual(indicesOfSpans(spans), positive.index);
      assert.ok(spans.slice(1).every(({ offset }) => offset > 0));
    }),
    { seed: 2 },
  );
});

test('spans that touch or are empty are understood', () => {
  const spans = [
    { offset: -2, length: 1 },
    { offset: 0, length: 2 },
    { offset: 1, length: 0 },
    { offset: 2, length: 1 },
  ];
  assert.deepEqual([...indicesOfSpans(spans)], [-2, -1, 0, 4]);
});

test('property: generated histograms are valid', () => {
  assertProperty(
    fc.property(fc.oneof(arbitraryExponential, arbitraryCustom), (h) => {
      assert.equal(histogramProblem(h), undefined);
    }),
    { seed: 3 },
  );
});

test('what cannot be right is said', () => {
  const problems = [
    [exponential({ schema: 9 }), /schema 9/],
    [exponential({ positive: { 1: -1 } }), /negative/],
    [exponential({ zeroCount: -1, positive: { 1: 5 } }), /zero bucket has -1/],
    [custom([2, 1], {}), /must ascend/],
    [custom([NaN], {}), /not finite/],
    [custom([1], { 2: 1 }), /too few for bucket 2/],
    [custom([1], { [-1]: 1 }), /bucket -1 does not exist/],
    [{ ...custom([1], {}), negative: bucketsFrom({ 0: 1 }) }, /negative buckets/],
    [{ ...exponential({}), count: -1 }, /count of observations is -1/],
  ] as const;
  for (const [h, problem] of problems) assert.match(histogramProblem(h) ?? '', problem);
});
