import { bug } from '../errors.ts';
import { BOUND_FRACTIONS } from './bound-fractions.ts';
import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram } from './float-histogram.ts';
import { ldexp } from '../logarithms.ts';

/** The exponential schemas that histograms may have; higher ones are reduced when they are decoded. */
export const EXPONENTIAL_SCHEMA_MIN = -4;
export const EXPONENTIAL_SCHEMA_MAX = 8;

export function isExponentialSchema(schema: number): boolean {
  return schema >= EXPONENTIAL_SCHEMA_MIN && schema <= EXPONENTIAL_SCHEMA_MAX;
}

/** Exponent of the bound that a float64 cannot hold; there the largest number stands in, so that +Inf stays apart. */
const OVERFLOW_EXPONENT = 1024;

/** Upper bound of the exponential bucket `index`, bit by bit as Prometheus computes it. */
export function exponentialBound(index: number, schema: number): number {
  if (schema < 0) {
    const exponent = index * 2 ** -schema;
    return exponent === OVERFLOW_EXPONENT ? Number.MAX_VALUE : 2 ** exponent;
  }
  const fraction = BOUND_FRACTIONS[(index & ((1 << schema) - 1)) << (EXPONENTIAL_SCHEMA_MAX - schema)]!;
  const exponent = index >> schema;
  if (exponent === OVERFLOW_EXPONENT && fraction === 0.5) return Number.MAX_VALUE;
  return ldexp(fraction, exponent + 1);
}

/** Upper bound of the custom bucket `index`; -1 gives the lower bound of the first one. */
export function customBound(index: number, customValues: Float64Array): number {
  if (index === -1) return -Infinity;
  if (index === customValues.length) return Infinity;
  return (
    customValues[index] ?? bug(`custom bucket ${index} of a histogram with ${customValues.length} bounds`)
  );
}

/** Upper bound of the positive bucket `index` of `h`; the bucket's lower bound is that of `index - 1`. */
export function bucketBound(h: FloatHistogram, index: number): number {
  return h.schema === CUSTOM_BUCKETS_SCHEMA
    ? customBound(index, h.customValues)
    : exponentialBound(index, h.schema);
}
