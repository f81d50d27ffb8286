type NumberArray =
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** What a typed array starts with; most answers are small. */
const FIRST_CAPACITY = 64;

/**
 * The same array, or a larger one with the same numbers where `length` items do not fit, and then the given one is of no more
 * use. Grows by half, so that what is unused stays small.
 */
export function withRoom<A extends NumberArray>(array: A, length: number): A {
  if (length <= array.length) return array;
  return resized(array, Math.max(length, FIRST_CAPACITY, array.length + (array.length >> 1)));
}

/** The first `length` items in as much memory as they need. The given array is of no more use. */
export function trimmed<A extends NumberArray>(array: A, length: number): A {
  return length === array.length ? array : resized(array, length);
}

/** Frees the memory of an array that nobody looks at any more. */
export function discard(array: NumberArray): void {
  array.buffer.transfer(0);
}

/** A transfer frees the old memory at once. Left to the collector, it would pile up: that goes by the size of the heap. */
function resized<A extends NumberArray>(array: A, length: number): A {
  const buffer = array.buffer.transfer(length * array.BYTES_PER_ELEMENT);
  return new (array.constructor as new (buffer: ArrayBuffer) => A)(buffer);
}
