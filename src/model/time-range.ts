/** From one time to another, ms since the epoch, both inclusive. */
export interface TimeRange {
  readonly minTime: number;
  readonly maxTime: number;
}

/** The widest range that is asked for: the whole numbers that a float64 counts without gaps, in ms. */
export const MIN_TIME: number = Number.MIN_SAFE_INTEGER;
export const MAX_TIME: number = Number.MAX_SAFE_INTEGER;

export const ALWAYS: TimeRange = { minTime: -Infinity, maxTime: Infinity };
