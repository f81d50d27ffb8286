const FIRST_RETRY_MS = 1000;

/** When to ask an endpoint again, ms: at the interval while it answers; after 1, 2, 4 … s, at most the interval, if not. */
export function retryDelay(failures: number, intervalMs: number): number {
  return failures === 0 ? intervalMs : Math.min(intervalMs, FIRST_RETRY_MS * 2 ** (failures - 1));
}
