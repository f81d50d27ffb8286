import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nativeFraction } from '../../../../src/engine/kernels/quantile/native-fraction.ts';
import { nativeQuantile } from '../../../../src/engine/kernels/quantile/native-quantile.ts';
import {
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
} from '../../../../src/model/histogram/float-histogram.ts';
import { RecordedNotes, histogram } from '../range-support.ts';

function quantile(q: number, h: FloatHistogram): number {
  const notes = new RecordedNotes();
  const value = nativeQuantile(q, h, 'm', notes);
  assert.deepEqual([...notes.messages], []);
  return value;
}

function fraction(lower: number, upper: number, h: FloatHistogram): number {
  return nativeFraction(lower, upper, h, 'm', new RecordedNotes());
}

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.abs(expected), `${actual} is not ${expected}`);
}

/** Negative counts mirror the positive ones of {@link histogram}. */
function withNegative(h: FloatHistogram): FloatHistogram {
  return { ...h, negative: h.positive, count: h.count * 2 + h.zeroCount };
}

test('exponential buckets interpolate exponentially', () => {
  const h = histogram([2, 2]);
  close(quantile(0.25, h), Math.SQRT2);
  close(quantile(0.5, h), 2);
  close(quantile(0.75, h), 2 * Math.SQRT2);
  assert.equal(quantile(1, h), 4);
  close(fraction(-Infinity, Math.SQRT2, h), 0.25);
  assert.equal(fraction(2, 4, h), 0.5);
});

test('negative buckets mirror positive ones', () => {
  const h = withNegative(histogram([2, 2]));
  close(quantile(0.125, h), -2 * Math.SQRT2);
  assert.equal(quantile(0, h), -4);
  close(fraction(-2, 2, h), 0.5);
  close(fraction(-Math.SQRT2, Infinity, h), 0.625);
});

test('the zero bucket is linear, and ends at zero where buckets are on one side only', () => {
  const both = withNegative(histogram([1], { zeroThreshold: 1, zeroCount: 2 }));
  assert.equal(quantile(0.5, both), 0);
  const positive = histogram([2], { zeroThreshold: 1, zeroCount: 2, count: 4 });
  assert.equal(quantile(0.25, positive), 0.5);
  assert.equal(fraction(0, 0.5, positive), 0.25);
});

test('custom buckets are linear, with 0 and the highest bound at the open ends', () => {
  const h = histogram([2, 2, 4], {
    schema: CUSTOM_BUCKETS_SCHEMA,
    customValues: Float64Array.of(5, 10),
    sum: 60,
  });
  assert.equal(quantile(0.125, h), 2.5);
  assert.equal(quantile(0.375, h), 7.5);
  assert.equal(quantile(0.9, h), 10);
  assert.equal(fraction(0, 7.5, h), 0.375);
  const below = histogram([2, 2], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.of(-5) });
  assert.equal(quantile(0.2, below), -5);
});

test('no observations, NaN and quantiles outside of 0 to 1', () => {
  const empty = histogram([]);
  assert.equal(quantile(0.5, empty), NaN);
  assert.equal(quantile(-1, empty), -Infinity);
  assert.equal(quantile(2, empty), Infinity);
  assert.equal(quantile(NaN, histogram([1])), NaN);
  assert.equal(fraction(0, 1, empty), NaN);
  assert.equal(fraction(NaN, 1, histogram([1])), NaN);
  assert.equal(fraction(1, 1, histogram([1])), 0);
});

test('NaN observations count as greatest and are remarked on', () => {
  const h = histogram([12], { count: 15, sum: NaN });
  const notes = new RecordedNotes();
  assert.equal(nativeQuantile(0.9, h, 'm', notes), NaN);
  assert.equal(nativeQuantile(0.8, h, '', notes), 2);
  close(nativeFraction(-Infinity, Infinity, h, 'm', notes), 0.8);
  const quantile = 'PromQL info: input to histogram_quantile has NaN observations';
  const fraction = 'PromQL info: input to histogram_fraction has NaN observations';
  assert.deepEqual(
    [...notes.messages],
    [
      `${quantile}, result is NaN for metric name "m"`,
      `${quantile}, result is skewed higher`,
      `${fraction}, which are excluded from all fractions for metric name "m"`,
    ],
  );
});
