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
}

export const SCRAPE_INTERVAL_MS = 15_000;

/** Start of the process that answers at `at`, both in ms. Each restart resets the target's counters. */
export function processStart({ restartPeriod, restartPhase }: Target, at: number): number {
  return Math.floor((at - restartPhase) / restartPeriod) * restartPeriod + restartPhase;
}

const HOUR = 3_600_000;
const JOBS: readonly { readonly job: string; readonly port: number; readonly instances: number }[] = [
  { job: 'api', port: 8080, instances: 4 },
  { job: 'web', port: 8081, instances: 3 },
  { job: 'db', port: 9187, instances: 2 },
];

/** The targets of one shard; their names carry the shard's, as real hosts would. */
export function targetsOf(shard: string): readonly Target[] {
  return JOBS.flatMap(({ job, port, instances }) =>
    Array.from({ length: instances }, (_, i) => {
      const instance = `${shard}-${job}-${i}:${port}`;
      return {
        job,
        instance,
        phase: Math.floor(fraction(instance) * SCRAPE_INTERVAL_MS),
        restartPeriod: Math.round((1.5 + 3 * fraction(`${instance} period`)) * HOUR),
        restartPhase: Math.floor(fraction(`${instance} restart`) * HOUR),
        load: 2 + Math.floor(20 * fraction(`${instance} load`)),
      };
    }),
  );
}
