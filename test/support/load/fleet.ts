/** ms since the epoch: when a fleet of small servers stops to scrape. */
export const FLEET_END: number = 1_795_348_800_000;
export const FLEET_INTERVAL_MS = 15_000;
