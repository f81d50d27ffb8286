import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatDecimal, formatFloat } from '../../src/model/format-decimal.ts';
import { assertProperty } from '../support/property.ts';

const CASES: readonly (readonly [value: number, sample: string, scalar: string])[] = [
  [0, '0', '0'],
  [-0, '-0', '-0'],
  [1, '1', '1'],
  [-2.5, '-2.5', '-2.5'],
  [0.1 + 0.2, '0.30000000000000004', '0.30000000000000004'],
  [0.000001, '0.000001', '0.000001'],
  [9.5e-7, '9.5e-07', '0.00000095'],
  [-1e-7, '-1e-07', '-0.0000001'],
  [1.5e-10, '1.5e-10', '0.00000000015'],
  [5e-324, '5e-324', `0.${'0'.repeat(323)}5`],
  [123_456_789_012_345_680, '123456789012345680', '123456789012345680'],
  [1e20, '100000000000000000000', '100000000000000000000'],
  [1e21, '1e+21', '1000000000000000000000'],
  [-1.25e22, '-1.25e+22', '-12500000000000000000000'],
  [Infinity, '+Inf', '+Inf'],
  [-Infinity, '-Inf', '-Inf'],
  [Number.NaN, 'NaN', 'NaN'],
];

test('samples are printed as Prometheus does, with an exponent below 1e-6 and from 1e21', () => {
  for (const [value, sample] of CASES) assert.equal(formatFloat(value), sample);
});

test('scalars are printed without an exponent', () => {
  for (const [value, , scalar] of CASES) assert.equal(formatDecimal(value), scalar);
});

test('both notations read back as the same number', () => {
  assertProperty(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(Number(formatFloat(value)), value));
      assert.ok(Object.is(Number(formatDecimal(value)), value));
      assert.doesNotMatch(formatDecimal(value), /e/);
    }),
    { seed: 314 },
  );
});
