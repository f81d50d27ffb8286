import {
  CUSTOM_BUCKETS_SCHEMA,
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
} from '../../model/histogram/float-histogram.ts';
import type { Buckets, FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { EndpointError } from '../endpoint-error.ts';
import { commonLayout, customIndex, exponentialIndex, isZeroBucket, schemaOf } from './json-histogram.ts';
import type { BucketLayout, JsonBucket, JsonHistogram } from './json-histogram.ts';

/** Where no bucket of a series shows its schema, each is right: there are none. The finest forces no reduction. */
const ANY_SCHEMA = 8;

/**
 * Rebuilds the histograms of one series from their printed buckets. Exact for schema, indexes and counts. Not printed,
 * so taken from the neighbouring samples: the schema of a histogram without buckets, the width of a zero bucket
 * without observations. Not printed at all: reset hints, and custom boundaries that no observation touched.
 * @param layout that of the whole metric; undefined to find it sample by sample.
 */
export function rebuildHistograms(
  histograms: readonly JsonHistogram[],
  layout: BucketLayout | undefined,
): readonly FloatHistogram[] {
  const schemas = filled(histograms.map(({ buckets }) => firstDefined(buckets, schemaOf)));
  const thresholds = filled(histograms.map(({ buckets }) => buckets.find(isZeroBucket)?.upper));
  return histograms.map((h, i) => {
    const own = layout ?? commonLayout([h]);
    switch (own?.kind) {
      case undefined:
        throw new EndpointError('bad_data', 'the buckets of a native histogram in its JSON answer overlap');
      case 'exponential':
        return exponential(h, schemas[i] ?? ANY_SCHEMA, thresholds[i] ?? 0);
      case 'custom':
        return custom(h, own.bounds);
    }
  });
}

function exponential(h: JsonHistogram, schema: number, zeroThreshold: number): FloatHistogram {
  const indexOf = (bucket: JsonBucket): number => exponentialIndex(bucket, schema);
  const outside = h.buckets.filter((bucket) => !isZeroBucket(bucket));
  return {
    schema,
    resetHint: ResetHint.unknown,
    count: h.count,
    sum: h.sum,
    zeroThreshold,
    zeroCount: h.buckets.find(isZeroBucket)?.count ?? 0,
    positive: bucketsOf(
      outside.filter(({ upper }) => upper > 0),
      indexOf,
    ),
    negative: bucketsOf(
      outside.filter(({ upper }) => upper <= 0),
      indexOf,
    ),
    customValues: NO_CUSTOM_VALUES,
  };
}

function custom(h: JsonHistogram, bounds: Float64Array): FloatHistogram {
  return {
    schema: CUSTOM_BUCKETS_SCHEMA,
    resetHint: ResetHint.unknown,
    count: h.count,
    sum: h.sum,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: bucketsOf(h.buckets, (bucket) => customIndex(bounds, bucket)!),
    negative: NO_BUCKETS,
    customValues: bounds,
  };
}

function bucketsOf(buckets: readonly JsonBucket[], indexOf: (bucket: JsonBucket) => number): Buckets {
  if (buckets.length === 0) return NO_BUCKETS;
  const sorted = buckets.map((bucket) => ({ index: indexOf(bucket), count: bucket.count }));
  sorted.sort((a, b) => a.index - b.index);
  return {
    index: Int32Array.from(sorted, ({ index }) => index),
    count: Float64Array.from(sorted, ({ count }) => count),
  };
}

/** Each gap takes what stood before it, the first ones what comes after. */
function filled(values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  let last = values.find((value) => value !== undefined);
  return values.map((value) => (last = value ?? last));
}

function firstDefined<T, R>(items: readonly T[], map: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const mapped = map(item);
    if (mapped !== undefined) return mapped;
  }
  return undefined;
}
