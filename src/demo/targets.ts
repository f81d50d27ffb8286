import { fraction } from './signals.ts';

/** One simulated process that replicas scrape. */
export interface Target {
  readonly job: string;
  readonly instance: string;
  /** Offset of its scrapes inside the interval, ms. */
  readonly phase: number;
  /** It restarts once in so many ms, at `restartPhase`. */
  readonly restartPeriod: number;
  readonly restartPhase: number;
  /** Requests per second, roughly. */
  readonly load: number;
  /** Whether it answers a scrape at all. */
  readonly isReachable: boolean;
}

export const SCRAPE_INTERVAL_MS = 15_000;

/** Start of the process that answers at `at`, both in ms. Each restart resets the target's counters. */
export function processStart({ restartPeriod, restartPhase }: Target, at: number): number {
  return Math.floor((at - restartPhase) / restartPeriod) * restartPeriod + restartPhase;
}

const HOUR = 3_600_000;

interface Job {
  readonly job: string;
  readonly port: number;
  readonly instances: number;
  /** Nobody answers where it should be. */
  readonly isGone?: boolean;
}

const JOBS: readonly Job[] = [
  { job: 'api', port: 8080, instances: 4 },
  { job: 'web', port: 8081, instances: 3 },
  { job: 'db', port: 9187, instances: 2 },
];

/** What one shard has besides: something for an alert to fire about. */
const JOBS_OF_A_SHARD: Readonly<Record<string, readonly Job[]>> = {
  us: [{ job: 'batch', port: 9100, instances: 1, isGone: true }],
};

/** The targets of one shard; their names carry the shard's, as real hosts would. */
export function targetsOf(shard: string): readonly Target[] {
  return [...JOBS, ...(JOBS_OF_A_SHARD[shard] ?? [])].flatMap(({ job, port, instances, isGone = false }) =>
    Array.from({ length: instances }, (_, i) => {
      const instance = `${shard}-${job}-${i}:${port}`;
      return {
        job,
        instance,
        phase: Math.floor(fraction(instance) * SCRAPE_INTERVAL_MS),
        restartPeriod: Math.round((1.5 + 3 * fraction(`${instance} period`)) * HOUR),
        restartPhase: Math.floor(fraction(`${instance} restart`) * HOUR),
        load: 2 + Math.floor(20 * fraction(`${instance} load`)),
        isReachable: !isGone,
      };
    }),
  );
}
