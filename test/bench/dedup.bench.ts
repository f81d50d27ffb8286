import { dedupe } from '../../src/dedup/dedupe.ts';
import type { Replica } from '../../src/dedup/replica.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';

const SERIES = 100;
const SCRAPES = 1440;
const INTERVAL = 15_000;
const ROUNDS = 30;

/** What the second replica lacks of each scrape's samples, by name of the case. */
const CASES: Readonly<Record<string, (replica: number, scrape: number) => boolean>> = {
  healthy: () => false,
  'an outage each': (replica, scrape) => Math.floor(scrape / 60) === 5 + 10 * replica,
  'first misses every second scrape': (replica, scrape) => replica === 0 && scrape % 2 === 1,
  'both miss one scrape in seven': (replica, scrape) => (scrape + 3 * replica) % 7 === 0,
};

/** Deduplicates series of six hours from two replicas, the best of some rounds; prints a table. */
export async function run(): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, lacks] of Object.entries(CASES)) {
    const series = Array.from({ length: SERIES }, (_, i) => replicasOf(i, lacks));
    const samples = series.flat().reduce((sum, { columns }) => sum + columns.length, 0);
    const ns = (bestOf(series) * 1e6) / samples;
    rows[name] = {
      'ns/input sample': Math.round(ns * 100) / 100,
      'M samples/s': Math.round(10_000 / ns) / 10,
    };
  }
  console.table(rows);
}

function bestOf(series: readonly (readonly Replica[])[]): number {
  const target = new SampleBuffer(2 * SCRAPES);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    for (const replicas of series) {
      target.clear();
      dedupe(replicas, target);
    }
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** A counter scraped by two replicas, a tenth of the timestamps a few milliseconds late. */
function replicasOf(seed: number, lacks: (replica: number, scrape: number) => boolean): Replica[] {
  return [0, 1].map((replica) => {
    const columns = new SampleBuffer(SCRAPES);
    for (let k = 0; k < SCRAPES; k++) {
      const late = (Math.imul(k + seed, 0x9e3779b1) >>> 8) % 10 === replica ? (k % 5) + 1 : 0;
      if (!lacks(replica, k)) columns.push(1_795_348_800_000 + k * INTERVAL + 4321 * replica + late, k * 7);
    }
    return { name: 'ab'[replica]!, columns };
  });
}
