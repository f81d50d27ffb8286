import { dedupe } from '../../src/dedup/dedupe.ts';
import type { DedupOptions } from '../../src/dedup/dedupe.ts';
import type { Replica } from '../../src/dedup/replica.ts';
import { NO_BUCKETS, NO_CUSTOM_VALUES, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { randomFrom } from '../truth/random.ts';
import { FULL_SIZE, MEASURED_SEEDS, watchersOf, workload } from '../truth/workload.ts';

const SERIES = 40;
const SCRAPES = 1440;
const ROUNDS = 40;
const START_MS = 1_795_348_800_000;

interface Case {
  readonly replicas?: number;
  /** ms; 15 s where it is left out. */
  readonly interval?: number;
  readonly value?: 'counter' | 'gauge' | 'histogram';
  readonly options?: DedupOptions;
  readonly scrapes?: number;
  /** Scrapes that a replica misses. */
  readonly lacks?: (replica: number, scrape: number) => boolean;
  /** Share of all scrapes that is missed at random besides. */
  readonly lost?: number;
}

const CASES: Readonly<Record<string, Case>> = {
  healthy: {},
  'an outage each': { lacks: (replica, scrape) => Math.floor(scrape / 60) === 5 + 10 * replica },
  'first misses every second scrape': { lacks: (replica, scrape) => replica === 0 && scrape % 2 === 1 },
  'both miss one scrape in seven': { lacks: (replica, scrape) => (scrape + 3 * replica) % 7 === 0 },
  'both miss one in seven at random': { lost: 1 / 7 },
  'both miss half at random': { lost: 1 / 2 },
  'three miss one in seven at random': { replicas: 3, lost: 1 / 7 },
  'gauges, healthy': { value: 'gauge' },
  'gauges, both miss one in seven at random': { value: 'gauge', lost: 1 / 7 },
  'native histograms, healthy': { value: 'histogram' },
  'native histograms, both miss one in seven at random': { value: 'histogram', lost: 1 / 7 },
  '`up`, healthy': { options: { scrapeHealth: true } },
  'every minute, healthy': { interval: 60_000 },
  'every minute, both miss one in seven at random': { interval: 60_000, lost: 1 / 7 },
  'every five minutes, healthy': { interval: 300_000 },
  'every five minutes, both miss one in seven at random': { interval: 300_000, lost: 1 / 7 },
  // Windows of thousands of samples: nothing may be looked up in all of a window for each of its holes.
  'every 10 ms, both miss half at random': { interval: 10, lost: 1 / 2, scrapes: 20 * SCRAPES },
  // What an instant query reads of a series.
  'five minutes, healthy': { scrapes: 20 },
};

/** Deduplicates series of some hours from replicas with faults, the best of some rounds; prints a table. */
export async function run(): Promise<void> {
  const rows: Record<string, Row> = {};
  for (const [name, each] of Object.entries(CASES)) {
    const count = Math.ceil((SERIES * SCRAPES) / (each.scrapes ?? SCRAPES));
    const series = Array.from({ length: count }, (_, i) => replicasOf(i, each));
    rows[name] = rowOf(series, each.options);
  }
  rows["the truth's workload"] = rowOf(watchedReplicas());
  console.table(rows);
}

interface Row {
  readonly 'ns/input sample': number;
  readonly 'B allocated/input sample': number;
  readonly 'M samples/s': number;
}

function rowOf(series: readonly (readonly Replica[])[], options?: DedupOptions): Row {
  const samples = series.flat().reduce((sum, { columns }) => sum + columns.length, 0);
  const { ms, bytes } = bestOf(series, options);
  return {
    'ns/input sample': Math.round((ms * 1e8) / samples) / 100,
    'B allocated/input sample': Math.round((bytes * 100) / samples) / 100,
    'M samples/s': Math.round(samples / ms / 100) / 10,
  };
}

/** The series of a fifth of the targets whose answers `npm run truth` measures, with all of their outages. */
function watchedReplicas(): Replica[][] {
  const size = { ...FULL_SIZE, targets: FULL_SIZE.targets / 5 };
  return Array.from(workload(MEASURED_SEEDS[0], size), watchersOf);
}

function bestOf(
  series: readonly (readonly Replica[])[],
  options: DedupOptions | undefined,
): { ms: number; bytes: number } {
  const target = new SampleBuffer(2 * SCRAPES);
  let ms = Number.POSITIVE_INFINITY;
  let bytes = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const { heapUsed } = process.memoryUsage();
    const started = performance.now();
    for (const replicas of series) {
      target.clear();
      dedupe(replicas, target, options);
    }
    ms = Math.min(ms, performance.now() - started);
    const grown = process.memoryUsage().heapUsed - heapUsed;
    // The heap shrinks in rounds that the garbage collector ran in; the first ones compile.
    if (grown >= 0 && round > ROUNDS / 2) bytes = Math.min(bytes, grown);
  }
  return { ms, bytes };
}

/** What replicas have of one series, a tenth of the timestamps a few milliseconds late. */
function replicasOf(seed: number, each: Case): Replica[] {
  const { replicas = 2, interval = 15_000, value = 'counter', scrapes = SCRAPES, lost = 0 } = each;
  return Array.from({ length: replicas }, (_, replica) => {
    const random = randomFrom(seed * 10 + replica);
    const phase = Math.floor((interval * 4321 * replica) / 15_000);
    const columns = new SampleBuffer(scrapes);
    for (let k = 0; k < scrapes; k++) {
      const late = (Math.imul(k + seed, 0x9e3779b1) >>> 8) % 10 === replica ? (k % 5) + 1 : 0;
      if (random() < lost || each.lacks?.(replica, k) === true) continue;
      const t = START_MS + k * interval + phase + late;
      if (value === 'histogram') columns.pushHistogram(t, histogramOf(k * 7 + replica));
      else if (value === 'gauge')
        columns.push(t, 500 + 100 * Math.sin(t / 600_000) + 20 * Math.sin(t / 50_000));
      else columns.push(t, each.options?.scrapeHealth === true ? 1 : k * 7 + replica);
    }
    return { name: 'abc'[replica]!, columns };
  });
}

function histogramOf(count: number): FloatHistogram {
  return {
    schema: 0,
    resetHint: ResetHint.notReset,
    count,
    sum: count,
    zeroThreshold: 0,
    zeroCount: count,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    customValues: NO_CUSTOM_VALUES,
  };
}
