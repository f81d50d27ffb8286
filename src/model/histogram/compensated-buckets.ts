import { kahanAdd } from '../kahan.ts';
import { sameLayout } from './combine.ts';
import { type Buckets, NO_BUCKETS } from './float-histogram.ts';
import { reducedIndex } from './reduce-resolution.ts';

/** Buckets that are being summed up: counts and the rounding errors that belong to them. The columns may change. */
export interface CompensatedBuckets {
  readonly index: Int32Array;
  readonly count: Float64Array;
  readonly error: Float64Array;
}

export function startBuckets({ index, count }: Buckets): CompensatedBuckets {
  return { index, count: count.slice(), error: new Float64Array(count.length) };
}

export function cloneBuckets({ index, count, error }: CompensatedBuckets): CompensatedBuckets {
  return { index, count: count.slice(), error: error.slice() };
}

/** Counts and errors together. */
export function settleBuckets({ index, count, error }: CompensatedBuckets): Buckets {
  if (index.length === 0) return NO_BUCKETS;
  const total = new Float64Array(count.length);
  for (let i = 0; i < total.length; i++) total[i] = count[i]! + error[i]!;
  return { index, count: total };
}

export function dropFirst({ index, count, error }: CompensatedBuckets, n: number): CompensatedBuckets {
  return { index: index.subarray(n), count: count.subarray(n), error: error.subarray(n) };
}

/**
 * Adds the buckets of `other` from position `from` on: in place where both have the same buckets.
 * @param errors that belong to the counts of `other`, where it has any.
 */
export function addBuckets(
  to: CompensatedBuckets,
  other: Buckets,
  from: number,
  errors?: Float64Array,
): CompensatedBuckets {
  if (other.index.length === from) return to;
  if (from === 0 && sameLayout(to.index, other.index)) {
    for (let i = 0; i < to.count.length; i++) addBucket(to, i, other.count[i]!, errors?.[i]);
    return to;
  }
  const merged = makeRoom(to, other, from);
  for (let i = 0, j = from; j < other.index.length; i++) {
    if (merged.index[i] !== other.index[j]) continue;
    addBucket(merged, i, other.count[j]!, errors?.[j]);
    j++;
  }
  return merged;
}

function addBucket({ count, error }: CompensatedBuckets, i: number, added: number, itsError = 0): void {
  kahanAdd(count, error, i, added);
  if (itsError !== 0) kahanAdd(count, error, i, itsError);
}

/** `to` with an empty bucket for each one that only `other` has. */
function makeRoom(to: CompensatedBuckets, other: Buckets, from: number): CompensatedBuckets {
  const most = to.index.length + other.index.length - from;
  const index = new Int32Array(most);
  const count = new Float64Array(most);
  const error = new Float64Array(most);
  let length = 0;
  for (let i = 0, j = from; i < to.index.length || j < other.index.length; length++) {
    const mine = i < to.index.length ? to.index[i]! : Infinity;
    const theirs = j < other.index.length ? other.index[j]! : Infinity;
    index[length] = Math.min(mine, theirs);
    if (theirs <= mine) j++;
    if (theirs < mine) continue;
    count[length] = to.count[i]!;
    error[length] = to.error[i++]!;
  }
  return {
    index: index.slice(0, length),
    count: count.slice(0, length),
    error: error.slice(0, length),
  };
}

/** Merges to the coarser schema `target`, keeping the errors. */
export function reduceCompensated(
  buckets: CompensatedBuckets,
  origin: number,
  target: number,
): CompensatedBuckets {
  if (origin === target) return buckets;
  const { length } = buckets.index;
  const index = new Int32Array(length);
  const count = new Float64Array(length);
  const error = new Float64Array(length);
  let last = -1;
  for (let i = 0; i < length; i++) {
    const reduced = reducedIndex(buckets.index[i]!, origin, target);
    if (last === -1 || index[last] !== reduced) index[++last] = reduced;
    kahanAdd(count, error, last, buckets.count[i]!);
    kahanAdd(count, error, last, buckets.error[i]!);
  }
  return {
    index: index.slice(0, last + 1),
    count: count.slice(0, last + 1),
    error: error.slice(0, last + 1),
  };
}

/** Brings custom buckets to coarser bounds; `mapping` gives the new bucket of each old one, `size` how many there are. */
export function remapCompensated(
  buckets: CompensatedBuckets,
  mapping: Int32Array,
  size: number,
): CompensatedBuckets {
  const index = Int32Array.from({ length: size }, (_, i) => i);
  const count = new Float64Array(size);
  const error = new Float64Array(size);
  for (let i = 0; i < buckets.index.length; i++) {
    const target = mapping[buckets.index[i]!]!;
    kahanAdd(count, error, target, buckets.count[i]!);
    kahanAdd(count, error, target, buckets.error[i]!);
  }
  return { index, count, error };
}
