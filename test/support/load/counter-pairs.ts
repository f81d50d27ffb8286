import { labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import type { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';

/**
 * A load as HA pairs see it: counters that two replicas scrape every 15 s, 4.321 s apart, each with gaps of its own.
 * All of it follows from the numbers of series, replica and scrape, so every process makes the same.
 */
export const METRIC = 'http_requests_total';
export const INTERVAL_MS = 15_000;
export const JOBS = 10;
/** ms since the epoch: where the range query ends. */
export const END: number = 1_795_348_800_000;
/** Steps of the range query; its samples are as far apart. */
export const STEPS = 360;
export const START: number = END - (STEPS - 1) * INTERVAL_MS;
/** Samples of each series: those of the steps, and before them the range selector's 5 min and what the gateway reads on top. */
export const SAMPLES = 440;

const REPLICA_SHIFT_MS = 4321;
const PHASES = 97;

export function loadLabels(series: number): Labels {
  const job = jobOf(series);
  return labelsFromRecord({
    __name__: METRIC,
    code: ['200', '204', '404', '500'][series % 4]!,
    handler: `/api/v1/orders/${series % 25}`,
    instance: `10.${series % 7}.${series % 250}.${job}:9100`,
    job: `job-${job}`,
    method: series % 3 === 0 ? 'POST' : 'GET',
    pod: `orders-${series.toString(36).padStart(6, '0')}`,
  });
}

export function jobOf(series: number): number {
  return series % JOBS;
}

/** By how much the counter of a series grows per second, on average. */
export function rateOf(series: number): number {
  return 5 + (scramble(series) % 100);
}

/** Clears `target` and writes what a replica (0 or 1) holds of a series. */
export function writeSamples(series: number, replica: number, target: SampleBuffer): void {
  target.clear();
  const phase = (series % PHASES) * 150 + replica * REPLICA_SHIFT_MS;
  const gap = gapOf(series, replica);
  for (let scrape = 0; scrape < SAMPLES; scrape++) {
    const late = scramble(series * 31 + scrape) % 8 === 0 ? 1 : 0;
    const t = END - (SAMPLES - scrape) * INTERVAL_MS + phase + late;
    if (scrape >= gap.from && scrape < gap.to) {
      if (scrape === gap.from && gap.isMarked) target.push(t, STALE_NAN);
      continue;
    }
    target.push(t, valueAt(series, t));
  }
}

/** Grows with time and stutters a little; ascending over more than four seconds. */
function valueAt(series: number, t: number): number {
  const seconds = (t - END) / 1000 + 86_400;
  return Math.floor(rateOf(series) * seconds) + (scramble(series ^ Math.floor(seconds)) % 20);
}

interface Gap {
  readonly from: number;
  readonly to: number;
  /** The target was not reached, as opposed to a replica that was away. */
  readonly isMarked: boolean;
}

/** Every tenth series misses one scrape, every tenth a run of them; the replicas at different times. */
function gapOf(series: number, replica: number): Gap {
  const which = scramble(series * 2 + replica);
  const from = 60 + replica * 190 + (which % 150);
  const length = [1, 4 + (which % 36)][scramble(which) % 10] ?? 0;
  return { from, to: from + length, isMarked: length > 1 && which % 2 === 0 };
}

/** Numbers that look random, the same in each process. */
function scramble(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}
