/** Messages larger than this make clients wait and buffers grow. */
const MOST_BYTES = 1024 * 1024;

/**
 * Collects items as one message takes them: up to `count` of them, and fewer where they are large. A `count`
 * of 0 means 1. `sizeOf` estimates bytes.
 */
export function* inBatches<T>(
  items: Iterable<T>,
  count: number,
  sizeOf: (item: T) => number,
): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    batch.push(item);
    bytes += sizeOf(item);
    if (batch.length < count && bytes < MOST_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Cuts the chunks of one series where one message would become too large. An empty list is one empty part. */
export function* inParts<T>(list: readonly T[], sizeOf: (item: T) => number): Generator<readonly T[]> {
  if (list.length === 0) yield list;
  else yield* inBatches(list, Infinity, sizeOf);
}
