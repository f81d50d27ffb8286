/** A bucket as the HTTP API prints it: only populated ones, by boundaries instead of by schema and index. */
export interface JsonBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

export interface JsonHistogram {
  /** ms since the epoch. */
  readonly t: number;
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly JsonBucket[];
}

/** How histograms are laid out, as far as their populated buckets show it. */
export type BucketLayout =
  | { readonly kind: 'exponential' }
  /** `bounds` ascending, without infinities. */
  | { readonly kind: 'custom'; readonly bounds: Float64Array };

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
const TOLERANCE = 1e-9;

/**
 * Finds the layout that all given histograms have in common. Give it all of one metric: a single one can be
 * ambiguous, since custom boundaries such as 1, 2, 4 are exponential ones as well, and custom boundaries without
 * observations do not show, so the union of those seen is used. Undefined where there is no common layout.
 */
export function commonLayout(histograms: readonly JsonHistogram[]): BucketLayout | undefined {
  if (histograms.every(isExponential)) return { kind: 'exponential' };
  const bounds = customBounds(histograms);
  const fits = histograms.every(({ buckets }) =>
    buckets.every((bucket) => customIndex(bounds, bucket) !== undefined),
  );
  return fits ? { kind: 'custom', bounds } : undefined;
}

/** The bucket [-threshold, threshold]. */
export function isZeroBucket({ lower, upper }: JsonBucket): boolean {
  return lower === -upper && Number.isFinite(upper);
}

/** Index of a custom bucket: that of its upper bound. Undefined where it covers more than one interval of `bounds`. */
export function customIndex(bounds: Float64Array, { lower, upper }: JsonBucket): number | undefined {
  const index = upper === Infinity ? bounds.length : bounds.indexOf(upper);
  const below = index === 0 ? -Infinity : bounds[index - 1];
  return index >= 0 && below === lower ? index : undefined;
}

/**
 * Schema of an exponential bucket. Its boundaries are neighbouring powers of 2^(2^-schema), so the logarithm of their
 * ratio gives it. Undefined for other buckets, and for the overflow buckets, which have the same bounds in every schema.
 */
export function schemaOf(bucket: JsonBucket): number | undefined {
  const { lower, upper } = magnitude(bucket);
  if (!(lower > 0) || upper === Infinity) return undefined;
  const schema = -Math.round(Math.log2(Math.log2(upper / lower))) + 0;
  if (!(schema >= MIN_SCHEMA && schema <= MAX_SCHEMA)) return undefined;
  const index = exponentialIndex(bucket, schema);
  return isBound(upper, index, schema) && isBound(lower, index - 1, schema) ? schema : undefined;
}

/** Index of an exponential bucket in a schema, by the magnitude of its outer boundary. */
export function exponentialIndex(bucket: JsonBucket, schema: number): number {
  const { upper } = magnitude(bucket);
  return (
    Math.round(Math.log2(Math.min(upper, Number.MAX_VALUE)) * 2 ** schema) + (upper === Infinity ? 1 : 0)
  );
}

function isExponential({ buckets }: JsonHistogram): boolean {
  let schema: number | undefined;
  for (const bucket of buckets) {
    if (isZeroBucket(bucket) || isOverflow(bucket)) continue;
    const own = schemaOf(bucket);
    if (own === undefined || own !== (schema ?? own)) return false;
    schema = own;
  }
  return true;
}

function isOverflow(bucket: JsonBucket): boolean {
  const { lower, upper } = magnitude(bucket);
  return lower === Number.MAX_VALUE && upper === Infinity;
}

function isBound(value: number, index: number, schema: number): boolean {
  const exponent = index * 2 ** -schema;
  const bound = exponent >= 1024 ? Number.MAX_VALUE : 2 ** exponent;
  return Math.abs(value - bound) <= bound * TOLERANCE;
}

function magnitude({ lower, upper }: JsonBucket): { readonly lower: number; readonly upper: number } {
  return upper <= 0 ? { lower: -upper, upper: -lower } : { lower, upper };
}

function customBounds(histograms: readonly JsonHistogram[]): Float64Array {
  const seen = new Set<number>();
  for (const { buckets } of histograms)
    for (const { lower, upper } of buckets) {
      if (lower !== -Infinity) seen.add(lower);
      if (upper !== Infinity) seen.add(upper);
    }
  return Float64Array.from(seen).sort();
}
