const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** A whole number as Go writes an int64. Beyond its range, which is how we read its ends, it is the nearest end. */
export function encodeInt64(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (value >= Number(MAX_INT64)) return String(MAX_INT64);
  if (value <= Number(MIN_INT64)) return String(MIN_INT64);
  return String(BigInt(Math.trunc(value)));
}
