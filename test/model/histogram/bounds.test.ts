import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUND_FRACTIONS } from '../../../src/model/histogram/bound-fractions.ts';
import { customBound, exponentialBound } from '../../../src/model/histogram/bounds.ts';

test('powers of two are bounds in every schema', () => {
  for (let schema = -4; schema <= 8; schema++) {
    for (const power of [-64, -16, 0, 16, 64]) {
      assert.equal(
        exponentialBound(power * 2 ** schema, schema),
        2 ** power,
        `2^${power} in schema ${schema}`,
      );
    }
  }
});

test('bounds carry the bits that Prometheus gives them', () => {
  assert.equal(exponentialBound(-1, 2), 0.8408964152537144);
  assert.equal(exponentialBound(1, 2), 1.189207115002721);
  assert.equal(exponentialBound(1, 1), Math.SQRT2 - Number.EPSILON);
  assert.equal(exponentialBound(-31, 2), 0.004645340292979379);
});

test('the last bucket before +Inf ends at the largest float', () => {
  for (const [schema, index] of [
    [-4, 64],
    [-1, 512],
    [0, 1024],
    [2, 4096],
    [8, 262_144],
  ] as const) {
    assert.equal(exponentialBound(index, schema), Number.MAX_VALUE, `schema ${schema}`);
    assert.equal(exponentialBound(index + 1, schema), Infinity, `schema ${schema}`);
    assert.ok(Number.isFinite(exponentialBound(index - 1, schema)), `schema ${schema}`);
  }
});

test('the smallest bounds are denormal floats', () => {
  assert.equal(exponentialBound(-1074, 0), Number.MIN_VALUE);
  assert.equal(exponentialBound(-1073 * 4 + 1, 2), Number.MIN_VALUE * 2);
});

test('fractions ascend and are roots of two up to rounding', () => {
  BOUND_FRACTIONS.forEach((fraction, i) => {
    assert.ok(Math.abs(fraction - 2 ** (i / 256 - 1)) <= 8 * 2 ** -53, `fraction ${i}`);
    assert.ok(i === 0 || fraction > BOUND_FRACTIONS[i - 1]!, `fraction ${i}`);
  });
  assert.equal(BOUND_FRACTIONS.length, 256);
});

test('custom buckets are open at both ends', () => {
  const bounds = Float64Array.of(1, 5);
  assert.deepEqual(
    [-1, 0, 1, 2].map((index) => customBound(index, bounds)),
    [-Infinity, 1, 5, Infinity],
  );
  assert.throws(() => customBound(3, bounds), /BUG: custom bucket 3/);
});
