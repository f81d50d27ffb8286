import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { placeNth } from '../../../../src/engine/kernels/quantile/nth-number.ts';
import { assertProperty } from '../../../support/property.ts';

test('the number of a rank stands where it would stand in order, between smaller and larger ones', () => {
  const number = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true }));
  assertProperty(
    fc.property(
      fc.array(number, { minLength: 1, maxLength: 300, size: 'max' }),
      fc.nat(1000),
      (values, seed) => {
        const rank = seed % values.length;
        const numbers = Float64Array.from(values);
        placeNth(numbers, numbers.length, rank);
        const sorted = Float64Array.from(values).sort();
        assert.equal(numbers[rank], sorted[rank]);
        assert.deepEqual(numbers.slice().sort(), sorted);
        assert.ok(numbers.subarray(0, rank).every((x) => x <= numbers[rank]!));
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});
