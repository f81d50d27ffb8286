const MINUTE = 60_000;
const CYCLE = 20 * MINUTE;

/** When things go wrong in the demo, in ms relative to its start; the past of a cycle repeats in its future. */
export interface ReplicaScript {
  /** First minute of each 20-minute cycle in which the replica is away, for two minutes that do not reach into the next. */
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

/** When the replica goes down while the demo runs, in minutes since its start: `down from minute 4 to 6, then every 20 minutes`. */
export function outageText({ awayFromMinute }: ReplicaScript): string {
  return `down from minute ${awayFromMinute} to ${awayFromMinute + AWAY_MINUTES}, then every ${CYCLE / MINUTE} minutes`;
}

/** Whether the scrape with this number is lost. */
export function isMissed(script: ReplicaScript, scrape: number): boolean {
  return script.missEvery > 0 && scrape % script.missEvery === 0;
}

/** One simulated Prometheus: its place, and what goes wrong with it. */
export interface SimulatedReplica {
  readonly shard: string;
  readonly replica: string;
  /** How much later than the target's phase it scrapes, ms. */
  readonly lag: number;
  readonly script: ReplicaScript;
}

/** No two replicas of a shard are ever away together, so the gateway can always give the whole answer. */
export const REPLICAS: readonly SimulatedReplica[] = [
  { shard: 'eu', replica: 'a', lag: 0, script: { awayFromMinute: 4, missEvery: 97, longOutage: [108, 92] } },
  {
    shard: 'eu',
    replica: 'b',
    lag: 4321,
    script: { awayFromMinute: 9, missEvery: 41, longOutage: undefined },
  },
  {
    shard: 'us',
    replica: 'a',
    lag: 1200,
    script: { awayFromMinute: 14, missEvery: 0, longOutage: undefined },
  },
  {
    shard: 'us',
    replica: 'b',
    lag: 9876,
    script: { awayFromMinute: 18, missEvery: 60, longOutage: [143, 127] },
  },
];
