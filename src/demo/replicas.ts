import type { ReplicaScript } from './schedule.ts';

/** One simulated Prometheus: whom it belongs to, and what goes wrong with it. */
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
    script: { awayFromMinute: 19, missEvery: 60, longOutage: [143, 127] },
  },
];
