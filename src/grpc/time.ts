/** The widest range that is asked for: the whole numbers that a float64 counts without gaps, in ms. */
const MIN_TIME = Number.MIN_SAFE_INTEGER;
const MAX_TIME = Number.MAX_SAFE_INTEGER;

/** A time of a request, ms. Clients write the ends of int64 where they mean no bound. */
export function requestTime(ms: number): number {
  return Math.min(Math.max(ms, MIN_TIME), MAX_TIME);
}
