import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { commonLayout, exponentialIndex, schemaOf } from '../../../src/backend/prometheus/json-histogram.ts';
import { assertProperty } from '../../support/property.ts';

/** The boundary formula of native histograms: 2^(index · 2^-schema), the largest float in place of 2^1024. */
function bound(index: number, schema: number): number {
  const exponent = index * 2 ** -schema;
  return exponent === 1024 ? Number.MAX_VALUE : 2 ** exponent;
}

const schemas = fc.integer({ min: -4, max: 8 });

test('schema and index of an exponential bucket follow from its boundaries', () => {
  const buckets = schemas.chain((schema) => {
    const exponents = 1020 * 2 ** schema;
    const index = fc.integer({ min: Math.ceil(-exponents) + 1, max: Math.floor(exponents) });
    return fc.tuple(fc.constant(schema), index);
  });
  assertProperty(
    fc.property(buckets, fc.boolean(), ([schema, index], negative) => {
      const lower = bound(index - 1, schema);
      const upper = bound(index, schema);
      const bucket = negative ? { lower: -upper, upper: -lower, count: 1 } : { lower, upper, count: 1 };
      assert.equal(schemaOf(bucket), schema);
      assert.equal(exponentialIndex(bucket, schema), index);
    }),
    { seed: 1, numRuns: 3000 },
  );
});

test('the last buckets: up to the largest float, and beyond it', () => {
  for (let schema = -4; schema <= 8; schema++) {
    const last = 1024 * 2 ** schema;
    const upTo = { lower: bound(last - 1, schema), upper: Number.MAX_VALUE, count: 1 };
    assert.equal(schemaOf(upTo), schema);
    assert.equal(exponentialIndex(upTo, schema), last);
    const beyond = { lower: Number.MAX_VALUE, upper: Infinity, count: 1 };
    assert.equal(schemaOf(beyond), undefined);
    assert.equal(exponentialIndex(beyond, schema), last + 1);
  }
});

test('classic boundaries are no exponential ones', () => {
  const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5].map((upper, i, all) => ({
    lower: i === 0 ? -Infinity : all[i - 1]!,
    upper,
    count: 1,
  }));
  const layout = commonLayout([{ t: 0, count: 7, sum: 1, buckets }]);
  assert.ok(layout?.kind === 'custom');
  assert.deepEqual([...layout.bounds], [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5]);
});
