import type { Writer } from 'protobufjs/minimal.js';

/** The largest int64, as the halves that protobufjs takes. */
const MAX = { low: -1, high: 0x7fffffff, unsigned: false };
const LIMIT = 2 ** 63;

/**
 * Writes an int64 from float64, cut to its range: the largest one is 2^63 after reading, which would wrap around, and
 * an unbounded time is infinite. Fractions are cut off.
 */
export function writeInt64(writer: Writer, value: number): void {
  if (value >= LIMIT) writer.int64(MAX);
  else writer.int64(Math.max(Math.trunc(value), -LIMIT));
}
