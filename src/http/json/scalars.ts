import { formatInstant, type Instant } from '../../model/instant.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** A whole number as Go writes an int64. What is beyond its range, as the ends are once they are read, becomes the nearest end. */
export function encodeInt64(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (value >= Number(MAX_INT64)) return String(MAX_INT64);
  if (value <= Number(MIN_INT64)) return String(MIN_INT64);
  return String(BigInt(Math.trunc(value)));
}

/** A JSON string of a time, as Go writes it. */
export function encodeInstant(instant: Instant): string {
  return `"${formatInstant(instant)}"`;
}

/**
 * Prints milliseconds as seconds with no or exactly three decimals: `1795347900`, `1795348798.500`
 * (util/jsonutil `MarshalTimestamp`).
 */
export function formatTimestamp(ms: number): string {
  const magnitude = Math.abs(ms);
  const seconds = Math.floor(magnitude / 1000);
  const fraction = magnitude - seconds * 1000;
  const sign = ms < 0 ? '-' : '';
  return fraction === 0 ? `${sign}${seconds}` : `${sign}${seconds}.${String(fraction).padStart(3, '0')}`;
}

/** Prints milliseconds as a plain JSON number of seconds, as Prometheus does for scalars: `1795348798.5`. */
export function formatSeconds(ms: number): string {
  return String(ms / 1000);
}
