import { bug } from '../errors.ts';
import { isExponentialSchema } from './bounds.ts';
import type { Buckets, FloatHistogram } from './float-histogram.ts';

/** Merges the buckets of `h` to the coarser (or same) exponential schema `target`. */
export function reduceResolution(h: FloatHistogram, target: number): FloatHistogram {
  if (h.schema === target) return h;
  // Schemas above 8 are legal here: this is how they get down to one that we keep.
  if (h.schema < target || !isExponentialSchema(target)) bug(`schema ${h.schema} cannot become ${target}`);
  return {
    ...h,
    schema: target,
    positive: reduceBuckets(h.positive, h.schema, target),
    negative: reduceBuckets(h.negative, h.schema, target),
  };
}

/** The index in the schema `target` of the bucket that holds bucket `index` of schema `origin`. */
export function reducedIndex(index: number, origin: number, target: number): number {
  // A shift by 32 or more would wrap around; every int32 is down to its sign by 31.
  return ((index - 1) >> Math.min(origin - target, 31)) + 1;
}

export function reduceBuckets(buckets: Buckets, origin: number, target: number): Buckets {
  if (origin === target || buckets.index.length === 0) return buckets;
  const index = new Int32Array(buckets.index.length);
  const count = new Float64Array(buckets.index.length);
  let last = -1;
  for (let i = 0; i < buckets.index.length; i++) {
    const reduced = reducedIndex(buckets.index[i]!, origin, target);
    if (last === -1 || index[last] !== reduced) index[++last] = reduced;
    count[last]! += buckets.count[i]!;
  }
  return { index: index.slice(0, last + 1), count: count.slice(0, last + 1) };
}
