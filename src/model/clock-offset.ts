/** Smaller differences are ordinary, and change no answer; ms. */
const UNNOTICED_MS = 30_000;
/** Offsets are told in such steps, ms: smaller ones come and go from one answer to the next. */
const STEP_MS = 10_000;

/**
 * By how much another clock is ahead of this one, ms; less than 0 where it is behind. 0 where that does not matter, undefined where the
 * time is not known.
 * @param date a time as HTTP headers have it (RFC 9110, 5.6.7), which are whole seconds.
 * @param now when it came, ms since the epoch.
 */
export function clockOffset(date: string, now: number): number | undefined {
  const told = Date.parse(date);
  if (Number.isNaN(told)) return undefined;
  const offset = told + 500 - now;
  return Math.abs(offset) < UNNOTICED_MS ? 0 : Math.round(offset / STEP_MS) * STEP_MS;
}
