import { NO_CUSTOM_VALUES } from './float-histogram.ts';

export function sameBounds(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The bounds that both have: the finest buckets that both histograms can be brought to. */
export function intersectBounds(a: Float64Array, b: Float64Array): Float64Array {
  const shared = new Float64Array(Math.min(a.length, b.length));
  let length = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      shared[length++] = a[i++]!;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return length === 0 ? NO_CUSTOM_VALUES : shared.slice(0, length);
}

/**
 * For every bucket of `bounds` (the one up to +Inf included) the bucket of `coarser` that holds it; `coarser` is a
 * subset of `bounds`.
 */
export function bucketMapping(bounds: Float64Array, coarser: Float64Array): Int32Array {
  const mapping = new Int32Array(bounds.length + 1);
  let target = 0;
  for (let i = 0; i < bounds.length; i++) {
    while (target < coarser.length && coarser[target]! < bounds[i]!) target++;
    mapping[i] = target;
  }
  mapping[bounds.length] = coarser.length;
  return mapping;
}
