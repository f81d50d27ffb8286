/** A moment in nanoseconds since the epoch: rules and targets tell times finer than a millisecond. */
export type Instant = bigint;

/** Go's zero time, 0001-01-01T00:00:00Z, which Prometheus shows for what never happened. */
export const ZERO_INSTANT: Instant = -62_135_596_800_000_000_000n;

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;

/** Reads a time as Go's JSON writes it (RFC 3339 with up to nine decimals, any offset). Undefined where it is none. */
export function parseInstant(text: string): Instant | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -60_000 : 60_000);
  const ms = date.setUTCHours(hour, minute, second) - offset;
  return BigInt(ms) * NS_PER_MS + BigInt((match[7] ?? '').padEnd(9, '0'));
}

type Six = [number, number, number, number, number, number];

/** Writes a time as Go's JSON does, in UTC, without zeros at the end of the fraction. */
export function formatInstant(instant: Instant): string {
  const fraction = ((instant % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const seconds = new Date(Number((instant - fraction) / NS_PER_MS)).toISOString().slice(0, 19);
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
  return `${seconds}${digits}Z`;
}

/** @param ms since the epoch. */
export function instantFromMs(ms: number): Instant {
  return BigInt(Math.trunc(ms)) * NS_PER_MS;
}
