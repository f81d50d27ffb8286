type NumberArray =
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** So little is copied faster than transferred, and is not worth being freed early. */
const SMALL_BYTES = 4096;
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

/** The first `length` items in little more memory than they need. The given array is of no more use. */
export function trimmed<A extends NumberArray>(array: A, length: number): A {
  const unused = (array.length - length) * array.BYTES_PER_ELEMENT;
  return unused < SMALL_BYTES ? array : resized(array, length);
}

/** Frees the memory of an array that nobody looks at any more. */
export function discard(array: NumberArray): void {
  if (array.byteLength >= SMALL_BYTES) array.buffer.transfer(0);
}

/** A transfer frees the old memory at once. Left to the collector, it would pile up: that goes by the size of the heap. */
function resized<A extends NumberArray>(array: A, length: number): A {
  const { constructor, buffer, byteLength, BYTES_PER_ELEMENT } = array;
  if (byteLength < SMALL_BYTES) {
    const larger = new (constructor as new (length: number) => A)(length);
    larger.set(array.length > length ? array.subarray(0, length) : array);
    return larger;
  }
  return new (constructor as new (buffer: ArrayBuffer) => A)(buffer.transfer(length * BYTES_PER_ELEMENT));
}
