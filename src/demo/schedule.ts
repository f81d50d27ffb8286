const MINUTE = 60_000;
const CYCLE = 20 * MINUTE;

/** When things go wrong in the demo, in ms relative to its start; the past of a cycle repeats in its future. */
export interface ReplicaScript {
  /** First minute of each 20-minute cycle in which the replica is away, for two minutes. */
  readonly awayFromMinute: number;
  /** Every so many scrapes one is missed; 0 for none. */
  readonly missEvery: number;
  /** One long outage, minutes before the start: [from, to). */
  readonly longOutage: readonly [from: number, to: number] | undefined;
}

const AWAY_MINUTES = 2;

/** Whether the replica is down at `at` (ms since the demo started; negative before). */
export function isAway(script: ReplicaScript, at: number): boolean {
  const [from, to] = script.longOutage ?? [0, 0];
  if (at >= -from * MINUTE && at < -to * MINUTE) return true;
  const inCycle = ((at % CYCLE) + CYCLE) % CYCLE;
  const away = script.awayFromMinute * MINUTE;
  return inCycle >= away && inCycle < away + AWAY_MINUTES * MINUTE;
}

/** Whether the scrape with this number is lost. */
export function isMissed(script: ReplicaScript, scrape: number): boolean {
  return script.missEvery > 0 && scrape % script.missEvery === 0;
}

/** Start of the process that answers at `at`: targets restart once in `period` ms, which resets their counters. */
export function processStart(at: number, period: number, phase: number): number {
  return Math.floor((at - phase) / period) * period + phase;
}
