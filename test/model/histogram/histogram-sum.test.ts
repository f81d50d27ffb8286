import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { addHistograms } from '../../../src/model/histogram/combine.ts';
import { ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { HistogramMean } from '../../../src/model/histogram/histogram-mean.ts';
import { HistogramSum } from '../../../src/model/histogram/histogram-sum.ts';
import { arbitraryPair, asRecord, custom, exponential } from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';

test('small summands are not lost beside a large one', () => {
  const sum = new HistogramSum(exponential({ sum: 1e100, positive: { 1: 1e100 } }));
  sum.add(exponential({ sum: 1, positive: { 1: 1 } }));
  sum.add(exponential({ sum: -1e100, positive: { 1: -1e100 } }));
  assert.deepEqual(asRecord(sum.value()), asRecord(exponential({ sum: 1, positive: { 1: 1 } })));
});

test('compensation survives a change of the layout', () => {
  const sum = new HistogramSum(exponential({ schema: 1, positive: { 1: 1e100, 2: 1 } }));
  sum.add(exponential({ schema: 1, positive: { 1: 1 } }));
  sum.add(exponential({ schema: 0, positive: { 1: -1e100, 5: 3 } }));
  assert.deepEqual(asRecord(sum.value()).positive, { 1: 2, 5: 3 });
});

test('what rounding takes from a summand with finer buckets or a narrower zero bucket is not lost either', () => {
  const lost = (0.3 - (0.1 + 0.2)) / 2;
  const buckets = new HistogramSum(exponential({ schema: 0, positive: { 1: -(0.1 + 0.2) } }));
  buckets.add(exponential({ schema: 1, positive: { 1: 0.1, 2: 0.2 } }));
  assert.equal(asRecord(buckets.value()).positive[1], lost);
  const zero = new HistogramSum(exponential({ zeroThreshold: 1, zeroCount: -(0.1 + 0.2) }));
  zero.add(exponential({ zeroThreshold: 0.5, zeroCount: 0.1, positive: { 0: 0.2 } }));
  assert.equal(zero.value().zeroCount, lost);
});

test('values that were taken do not change when more is added', () => {
  const sum = new HistogramSum(exponential({ positive: { 1: 1 } }));
  const early = sum.value();
  sum.add(exponential({ positive: { 1: 1 } }));
  assert.deepEqual(asRecord(early), asRecord(exponential({ positive: { 1: 1 } })));
});

test('a clone goes its own way', () => {
  const sum = new HistogramSum(exponential({ positive: { 1: 1 } }));
  sum.clone().add(exponential({ positive: { 1: 1 } }));
  assert.equal(sum.value().count, 1);
});

test('custom bounds are reconciled, exponential buckets refused', () => {
  const sum = new HistogramSum(custom([1, 2], { 0: 1, 1: 2 }));
  assert.equal(sum.add(custom([1, 2], { 2: 4 })), 'added');
  assert.equal(sum.add(custom([2, 3], { 0: 10 })), 'reconciled');
  assert.equal(sum.add(exponential({})), 'incompatible');
  assert.deepEqual(asRecord(sum.value()), asRecord(custom([2], { 0: 13, 1: 4 })));
});

test('summands that contradict each other on resets are noticed', () => {
  const sum = new HistogramSum(exponential({ resetHint: ResetHint.reset }));
  assert.equal(sum.resetHintsCollide, false);
  sum.add(exponential({ resetHint: ResetHint.notReset }));
  assert.equal(sum.resetHintsCollide, true);
});

test('property: a compensated sum of whole numbers is the plain sum', () => {
  assertProperty(
    fc.property(arbitraryPair, ([a, b]) => {
      const sum = new HistogramSum(a);
      sum.add(b);
      assert.deepEqual(asRecord(sum.value()), asRecord(addHistograms(a, b)!.histogram));
    }),
    { seed: 1 },
  );
});

test('a mean divides the sum', () => {
  const mean = new HistogramMean(exponential({ sum: 1, positive: { 1: 2 } }));
  mean.add(exponential({ sum: 2, positive: { 1: 4, 2: 6 } }));
  mean.add(exponential({ sum: 6, positive: { 1: 3 } }));
  assert.deepEqual(asRecord(mean.value()), asRecord(exponential({ sum: 3, positive: { 1: 3, 2: 2 } })));
});

test('a mean does not overflow where its sum would', () => {
  const huge = exponential({ sum: 1.5e308, positive: { 1: 1.5e308 } });
  const mean = new HistogramMean(huge);
  mean.add(huge);
  mean.add(huge);
  const { sum, count } = mean.value();
  assert.ok(Math.abs(sum / 1.5e308 - 1) < 1e-15);
  assert.ok(Math.abs(count / 1.5e308 - 1) < 1e-15);
});
