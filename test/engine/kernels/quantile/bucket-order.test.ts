import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Bucket,
  bucketTotal,
  loadBucket,
} from '../../../../src/engine/kernels/quantile/bucket-order.ts';
import { allBuckets } from '../../../../src/model/histogram/buckets.ts';
import { CUSTOM_BUCKETS_SCHEMA } from '../../../../src/model/histogram/float-histogram.ts';
import { histogram } from '../range-support.ts';
import { assertProperty } from '../../../support/property.ts';

test('buckets by position are those of the model', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 });
  assertProperty(
    fc.property(
      counts,
      counts,
      fc.constantFrom(0, 1.5, 4),
      fc.nat(2),
      fc.boolean(),
      (up, down, zeroThreshold, zeroCount, custom) => {
        const fields = custom
          ? { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.of(1, 2, 5, 9) }
          : { zeroThreshold, zeroCount, negative: histogram(down).positive };
        const h = histogram(up, fields);
        const all = allBuckets(h);
        assert.equal(bucketTotal(h), all.length);
        for (let i = 0; i < all.length; i++) {
          const bucket: Bucket = { lower: 0, upper: 0, count: 0 };
          loadBucket(h, i, bucket);
          assert.deepEqual(bucket, { lower: all.lower[i], upper: all.upper[i], count: all.count[i] });
        }
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});
