import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { medianSpacing } from '../../src/dedup/interval.ts';
import { assertProperty } from '../support/property.ts';

test('the median of the spacings, of an even number the lower middle', () => {
  assert.equal(medianSpacing(Float64Array.of(0, 15, 30, 75, 90), 0, 5, 3), 15);
  assert.equal(medianSpacing(Float64Array.of(0, 15, 45, 60, 90), 0, 5, 3), 15);
});

test('too few spacings tell nothing', () => {
  assert.ok(Number.isNaN(medianSpacing(Float64Array.of(0, 15, 30), 0, 3, 3)));
  assert.equal(medianSpacing(Float64Array.of(0, 15, 30), 0, 2, 1), 15);
});

test('it is what sorting finds', () => {
  assertProperty(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 200 }), (spacings) => {
      let at = 0;
      const t = Float64Array.from([0, ...spacings], (spacing) => (at += spacing));
      const sorted = spacings.toSorted((a, b) => a - b);
      assert.equal(medianSpacing(t, 0, t.length, 1), sorted[(sorted.length - 1) >>> 1]);
    }),
    { numRuns: 1000, seed: 15 },
  );
});
