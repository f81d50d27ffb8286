import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { exp2, log, log10, log2 } from '../../src/model/logarithms.ts';
import { assertProperty } from '../support/property.ts';

test('powers of two are exact, denormal ones as well', () => {
  for (let power = -1074; power <= 1023; power++) {
    assert.equal(log2(2 ** power), power);
    assert.equal(exp2(power), 2 ** power);
  }
});

test('the ends of the range are those of float64', () => {
  assert.deepEqual([log2(0), log2(-1), log2(NaN), log2(Infinity)], [-Infinity, NaN, NaN, Infinity]);
  assert.deepEqual([exp2(1024), exp2(Infinity), exp2(-1075), exp2(-Infinity)], [Infinity, Infinity, 0, 0]);
  assert.ok(Number.isNaN(exp2(NaN)));
  assert.ok(exp2(1023.99) < Infinity);
});

test('a bound comes back from its logarithm as Go computes it', () => {
  assert.equal(exp2(log2(0.17677669529663687)), 0.17677669529663687);
});

test('property: both agree with the library up to rounding', () => {
  const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b || 1);
  assertProperty(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      assert.ok(Math.abs(log2(x) - Math.log2(x)) <= 4e-16 * Math.max(1, Math.abs(Math.log2(x))), String(x));
    }),
    { seed: 1 },
  );
  assertProperty(
    fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (x) => {
      assert.ok(relative(exp2(x), 2 ** x) < 1e-15, String(x));
    }),
    { seed: 2 },
  );
});

test('logarithms are those of Go, errors included', () => {
  assert.equal(log10(1e15), 14.999999999999998);
  assert.equal(log(Math.E), 1);
  assert.deepEqual([log(0), log(-1), log(NaN), log(Infinity)], [-Infinity, NaN, NaN, Infinity]);
  // Denormals count as if they were about twice the smallest normal number.
  assert.equal(log(5e-324), -709.0895657128241);
  assert.equal(log10(2.5e-310), -307.9488332216346);
});
