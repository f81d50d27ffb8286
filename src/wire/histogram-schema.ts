import { EXPONENTIAL_SCHEMA_MAX } from '../model/histogram/bounds.ts';
import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram } from '../model/histogram/float-histogram.ts';
import { reduceResolution } from '../model/histogram/reduce-resolution.ts';

/** Schemas that Prometheus reads (model/histogram/generic.go): more than it writes, for the sake of its successors. */
const MIN_KNOWN = -9;
const MAX_KNOWN = 52;

export function isKnownSchema(schema: number): boolean {
  return schema === CUSTOM_BUCKETS_SCHEMA || (schema >= MIN_KNOWN && schema <= MAX_KNOWN);
}

/** Brings a histogram with a finer resolution than the model has down to the finest that it has. */
export function withModelResolution(h: FloatHistogram): FloatHistogram {
  const tooFine = h.schema > EXPONENTIAL_SCHEMA_MAX && isKnownSchema(h.schema);
  return tooFine ? reduceResolution(h, EXPONENTIAL_SCHEMA_MAX) : h;
}
