type NumberArray = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array;

/** What a typed array starts with; most answers are small. */
const FIRST_CAPACITY = 64;

/**
 * The same array, or a larger copy of it where `length` items do not fit. Grows by half, so that what is unused stays small.
 */
export function withRoom<A extends NumberArray>(array: A, length: number): A {
  if (length <= array.length) return array;
  const capacity = Math.max(length, FIRST_CAPACITY, array.length + (array.length >> 1));
  const larger = new (array.constructor as new (length: number) => A)(capacity);
  larger.set(array);
  return larger;
}
