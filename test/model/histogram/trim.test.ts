import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { trimBuckets } from '../../../src/model/histogram/trim.ts';
import {
  arbitraryCustom,
  arbitraryExponential,
  asRecord,
  custom,
  exponential,
} from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';

test('buckets beyond the limit go, count and sum are estimated anew', () => {
  const h = exponential({ sum: 100, positive: { 0: 5, 1: 5, 2: 10, 3: 10 } });
  const trimmed = trimBuckets(h, 4, 'below');
  assert.deepEqual(asRecord(trimmed).positive, { 0: 5, 1: 5, 2: 10 });
  assert.equal(trimmed.count, 20);
  assert.ok(Math.abs(trimmed.sum - (5 * Math.SQRT1_2 + 5 * Math.SQRT2 + 10 * Math.sqrt(8))) < 1e-12);
});

test('nothing trimmed leaves the histogram as it is', () => {
  const h = exponential({ sum: 100, positive: { 0: 5, 1: 5 } });
  assert.equal(trimBuckets(h, 2, 'below'), h);
  assert.equal(trimBuckets(h, 0.5, 'above'), h);
});

test('exponential buckets are cut on the logarithmic scale', () => {
  const h = exponential({ positive: { 2: 8 }, negative: { 2: 8 } });
  assert.ok(Math.abs(trimBuckets(h, Math.sqrt(8), 'above').count - 4) < 1e-12);
  assert.ok(Math.abs(trimBuckets(h, -Math.sqrt(8), 'below').count - 4) < 1e-12);
});

test('custom buckets are cut linearly, the first one from zero on', () => {
  const h = custom([10, 20], { 0: 10, 1: 10, 2: 10 });
  assert.deepEqual(asRecord(trimBuckets(h, 12.5, 'below')), {
    ...asRecord(custom([10, 20], { 0: 10, 1: 2.5 })),
    sum: 10 * 5 + 2.5 * 11.25,
  });
  assert.deepEqual(asRecord(trimBuckets(h, 2.5, 'above')), {
    ...asRecord(custom([10, 20], { 0: 7.5, 1: 10, 2: 10 })),
    sum: 7.5 * 6.25 + 10 * 15 + 10 * 20,
  });
});

test('the zero bucket is cut linearly and one-sided where the others are', () => {
  const sided = exponential({ zeroThreshold: 1, zeroCount: 4, positive: { 3: 4 } });
  assert.equal(trimBuckets(sided, 0.5, 'below').zeroCount, 2);
  assert.equal(trimBuckets(sided, -0.5, 'below').zeroCount, 0);
  const both = exponential({ zeroThreshold: 1, zeroCount: 4, positive: { 3: 4 }, negative: { 3: 4 } });
  assert.equal(trimBuckets(both, 0.5, 'below').zeroCount, 3);
});

test('a limit that is not a number keeps nothing', () => {
  assert.equal(trimBuckets(exponential({ positive: { 1: 3 } }), NaN, 'below').count, 0);
  assert.equal(trimBuckets(exponential({ positive: { 1: 3 } }), NaN, 'above').count, 0);
});

test('property: both sides of a limit together hold every observation of closed buckets', () => {
  const limits = fc.double({ min: -40, max: 40, noNaN: true });
  assertProperty(
    fc.property(arbitraryExponential, limits, (h, limit) => {
      const kept = trimBuckets(h, limit, 'below').count + trimBuckets(h, limit, 'above').count;
      assert.ok(Math.abs(kept - h.count) <= 1e-9 * h.count, `${kept} of ${h.count}`);
    }),
    { seed: 1 },
  );
});

test('property: no bucket grows', () => {
  const limits = fc.double({ min: -20, max: 20, noNaN: true });
  assertProperty(
    fc.property(fc.oneof(arbitraryExponential, arbitraryCustom), limits, (h, limit) => {
      for (const side of ['below', 'above'] as const) {
        assert.ok(trimBuckets(h, limit, side).count <= h.count * (1 + 1e-12));
      }
    }),
    { seed: 2 },
  );
});
