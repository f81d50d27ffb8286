import { MAX_TIME, MIN_TIME } from '../model/time-range.ts';

/** A time of a request, ms. Clients write the ends of int64 where they mean no bound. */
export function requestTime(ms: number): number {
  return Math.min(Math.max(ms, MIN_TIME), MAX_TIME);
}
