import { bucketMapping, intersectBounds, sameBounds } from './custom-bounds.ts';
import {
  type Buckets,
  type FloatHistogram,
  NO_BUCKETS,
  usesCustomBuckets,
  ResetHint,
} from './float-histogram.ts';
import { reduceBuckets } from './reduce-resolution.ts';
import { commonZeroThreshold, firstAbove, widenZeroBucket, zeroCountUpTo } from './zero-bucket.ts';

/** A sum or difference, and what has to be said about it. */
export interface Combined {
  readonly histogram: FloatHistogram;
  /** One side claimed a counter reset, the other none. */
  readonly resetCollision: boolean;
  /** The custom bounds differed, so that both sides were brought to the bounds that they share. */
  readonly boundsReconciled: boolean;
}

/** a + b; undefined where only one of them has custom buckets. See {@link combine}. */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, 1);
}

/**
 * a - b; undefined where only one of them has custom buckets. See {@link combine}. The reset hint is that of a sum:
 * the operator `-` and the rate functions make a gauge of the result themselves.
 */
export function subtractHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, -1);
}

/**
 * a + sign·b with the coarser of both schemas and a zero bucket that holds both (Prometheus: FloatHistogram.Add, Sub).
 * Buckets without observations may result. Undefined where only one side has custom buckets.
 */
function combine(a: FloatHistogram, b: FloatHistogram, sign: 1 | -1): Combined | undefined {
  const custom = usesCustomBuckets(a);
  if (custom !== usesCustomBuckets(b)) return undefined;
  const boundsReconciled = custom && !sameBounds(a.customValues, b.customValues);
  const combined = custom
    ? { ...a, ...combineCustom(a, b, sign, boundsReconciled) }
    : combineExponential(a, b, sign);
  return {
    histogram: {
      ...combined,
      resetHint: combineResetHints(a.resetHint, b.resetHint),
      count: a.count + sign * b.count,
      sum: a.sum + sign * b.sum,
    },
    resetCollision: resetHintsCollide(a.resetHint, b.resetHint),
    boundsReconciled,
  };
}

function combineExponential(a: FloatHistogram, b: FloatHistogram, sign: number): FloatHistogram {
  const zeroThreshold = commonZeroThreshold(a, b);
  const schema = Math.min(a.schema, b.schema);
  const wide = widenZeroBucket(a, zeroThreshold);
  const side = (of: 'positive' | 'negative'): Buckets => {
    const theirs = reduceBuckets(b[of], b.schema, schema);
    const from = firstAbove(theirs.index, schema, zeroThreshold);
    return mergeBuckets(reduceBuckets(wide[of], a.schema, schema), theirs, sign, from);
  };
  return {
    ...wide,
    schema,
    zeroCount: wide.zeroCount + sign * zeroCountUpTo(b, zeroThreshold),
    positive: side('positive'),
    negative: side('negative'),
  };
}

function combineCustom(
  a: FloatHistogram,
  b: FloatHistogram,
  sign: number,
  reconcile: boolean,
): Pick<FloatHistogram, 'customValues' | 'positive'> {
  if (!reconcile) {
    return { customValues: a.customValues, positive: mergeBuckets(a.positive, b.positive, sign, 0) };
  }
  const customValues = intersectBounds(a.customValues, b.customValues);
  const counts = new Float64Array(customValues.length + 1);
  addMapped(counts, a.positive, bucketMapping(a.customValues, customValues), 1);
  addMapped(counts, b.positive, bucketMapping(b.customValues, customValues), sign);
  return { customValues, positive: populatedBuckets(counts) };
}

function addMapped(target: Float64Array, buckets: Buckets, mapping: Int32Array, sign: number): void {
  for (let i = 0; i < buckets.index.length; i++) {
    target[mapping[buckets.index[i]!]!]! += sign * buckets.count[i]!;
  }
}

function populatedBuckets(counts: Float64Array): Buckets {
  const index = Int32Array.from(counts.keys()).filter((i) => counts[i] !== 0);
  return { index, count: counts.filter((count) => count !== 0) };
}

/** The buckets of `a` plus sign × those of `b` from position `from` on; both of one schema. */
export function mergeBuckets(a: Buckets, b: Buckets, sign: number, from: number): Buckets {
  if (b.index.length === from) return a;
  if (a.index.length === 0 && sign === 1 && from === 0) return b;
  if (from === 0 && sameLayout(a.index, b.index)) {
    const count = a.count.slice();
    for (let i = 0; i < count.length; i++) count[i]! += sign * b.count[i]!;
    return { index: a.index, count };
  }
  return mergeColumns(a, b, sign, from);
}

function mergeColumns(a: Buckets, b: Buckets, sign: number, from: number): Buckets {
  const most = a.index.length + b.index.length - from;
  const index = new Int32Array(most);
  const count = new Float64Array(most);
  let length = 0;
  for (let i = 0, j = from; i < a.index.length || j < b.index.length; length++) {
    const mine = i < a.index.length ? a.index[i]! : Infinity;
    const theirs = j < b.index.length ? b.index[j]! : Infinity;
    index[length] = Math.min(mine, theirs);
    if (mine <= theirs) count[length] = a.count[i++]!;
    if (theirs <= mine) count[length]! += sign * b.count[j++]!;
  }
  return length === 0 ? NO_BUCKETS : { index: index.slice(0, length), count: count.slice(0, length) };
}

export function sameLayout(a: Int32Array, b: Int32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** What a sum or difference of two histograms may say of resets: what both say, else gauge, else nothing. */
export function combineResetHints(a: ResetHint, b: ResetHint): ResetHint {
  if (a === b) return a;
  return a === ResetHint.gauge || b === ResetHint.gauge ? ResetHint.gauge : ResetHint.unknown;
}

/** True where one histogram claims a counter reset and the other claims none: worth a warning. */
export function resetHintsCollide(a: ResetHint, b: ResetHint): boolean {
  return (
    (a === ResetHint.reset && b === ResetHint.notReset) || (a === ResetHint.notReset && b === ResetHint.reset)
  );
}
