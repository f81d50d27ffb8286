const FIRST_RETRY_MS = 1000;

/** When to ask an endpoint again, ms: at the interval while it answers; after 1, 2, 4 … s, at most the interval, if not. */
export function retryDelay(failures: number, intervalMs: number): number {
  return failures === 0 ? intervalMs : Math.min(intervalMs, FIRST_RETRY_MS * 2 ** (failures - 1));
}

/**
 * An endpoint whose answer is larger than is read is asked again after twice as long each time, up to this, ms: each look takes time and
 * memory until it shows that it is in vain, and whoever sends without end seldom stops soon.
 */
const LONGEST_AFTER_FLOOD_MS = 300_000;

/** When to ask again, ms, an endpoint whose last so many answers were larger than is read. */
export function delayAfterFlood(floods: number, intervalMs: number): number {
  return Math.min(Math.max(intervalMs, LONGEST_AFTER_FLOOD_MS), intervalMs * 2 ** (floods - 1));
}
