import { WINDOW_MS } from '../dedup/window-length.ts';
import { momentOf, type TimeWindow } from '../model/time-bound.ts';
import { ALWAYS, type TimeRange } from '../model/time-range.ts';
import type { Endpoint } from './topology.ts';

/**
 * The times, ms since the epoch, of which an endpoint is asked for samples, by what is configured for it. Whole windows of deduplication,
 * so that an end which moves with the clock does not cut through one: what is chosen in it would change from query to query.
 */
export function askedRange({ window }: { readonly window?: TimeWindow | undefined }, now: number): TimeRange {
  if (window === undefined) return ALWAYS;
  const { min, max } = window;
  return {
    minTime: min === undefined ? -Infinity : Math.floor(momentOf(min, now) / WINDOW_MS) * WINDOW_MS,
    maxTime: max === undefined ? Infinity : (Math.floor(momentOf(max, now) / WINDOW_MS) + 1) * WINDOW_MS - 1,
  };
}

/** The times of which samples can come from an endpoint: of what it holds, that which it is asked for. */
export function heldRange(
  endpoint: Pick<Endpoint, 'minTime' | 'maxTime' | 'window'>,
  now: number,
): TimeRange {
  return common(endpoint, askedRange(endpoint, now));
}

/** What two ranges have in common; its end is before its beginning where that is nothing. */
export function common(a: TimeRange, b: TimeRange): TimeRange {
  return { minTime: Math.max(a.minTime, b.minTime), maxTime: Math.min(a.maxTime, b.maxTime) };
}

/** Whether samples of a range can come from an endpoint. */
export function overlaps(
  endpoint: Pick<Endpoint, 'minTime' | 'maxTime' | 'window'>,
  range: TimeRange,
  now: number,
): boolean {
  const { minTime, maxTime } = common(heldRange(endpoint, now), range);
  return minTime <= maxTime;
}
