import { dedupe } from '../../src/dedup/dedupe.ts';
import { evaluate, type EngineOptions } from '../../src/engine/evaluate.ts';
import type { SelectedSet } from '../../src/engine/series-source.ts';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { NO_BUCKETS, NO_CUSTOM_VALUES, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { parse } from '../../src/promql/parse.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { randomFrom } from '../truth/random.ts';

/** Six hours of latencies of 80 series, scraped every 15 s by two replicas, and read at every scrape. */
const SERIES = 80;
const JOBS = 4;
const SCRAPE = 15_000;
const SAMPLES = 1460;
const BUCKETS = 60;
const START = 1_795_348_800_000;
const FIRST_STEP = START + 300_000;
const END = START + (SAMPLES - 1) * SCRAPE + 5000;
const ROUNDS = 3;
const NEVER = new AbortController().signal;

const QUERIES: readonly string[] = [
  'histogram_quantile(0.99, sum by (job) (rate(native[5m])))',
  'sum by (job) (rate(native[5m]))',
  'avg by (job) (rate(native[5m]))',
  'histogram_quantile(0.99, rate(native[5m]))',
  'sum by (job) (native)',
  'sum by (job) (sum_over_time(native[5m]))',
  'sum by (job) (histogram_count(rate(native[5m])))',
];

/** What the replicas have of one series, as chunks. */
type Replicas = readonly (readonly EncodedChunk[])[];

/** Decodes, deduplicates and evaluates native histograms, the best of some rounds; prints tables. */
export async function run(): Promise<void> {
  console.log(`${SERIES} series of ${SAMPLES} samples with ${BUCKETS} buckets in each of 2 replicas`);
  for (const kind of ['integer', 'float'] as const) {
    const series = Array.from({ length: SERIES }, (_, i) => replicasOf(i, kind === 'float'));
    const rows: Record<string, Row> = { [`${kind}: decode`]: rowOf(await bestOf(() => decodeAll(series))) };
    rows[`${kind}: decode and dedup`] = rowOf(await bestOf(() => dedupeAll(series)));
    for (const text of kind === 'integer' ? QUERIES : QUERIES.slice(0, 1))
      rows[`${kind}: ${text}`] = rowOf(await bestOf(() => query(text, series)));
    console.table(rows);
  }
}

interface Row {
  readonly ms: number;
  readonly 'ns/input sample': number;
}

function rowOf(ms: number): Row {
  return { ms: Math.round(ms * 10) / 10, 'ns/input sample': Math.round((ms * 1e6) / (SERIES * 2 * SAMPLES)) };
}

async function bestOf(work: () => Promise<unknown> | undefined): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

const buffers: readonly SampleBuffer[] = [new SampleBuffer(), new SampleBuffer()];

function decodeAll(series: readonly Replicas[]): undefined {
  for (const replicas of series)
    for (const [i, chunks] of replicas.entries()) decodeInto(buffers[i]!, chunks);
}

function dedupeAll(series: readonly Replicas[]): undefined {
  const target = new SampleBuffer();
  for (const replicas of series) readInto(target, replicas);
}

function decodeInto(buffer: SampleBuffer, chunks: readonly EncodedChunk[]): void {
  buffer.clear();
  for (const chunk of chunks) decodeChunk(chunk, buffer, -Infinity, Infinity);
}

function readInto(target: SampleBuffer, replicas: Replicas): void {
  for (const [i, chunks] of replicas.entries()) decodeInto(buffers[i]!, chunks);
  target.clear();
  dedupe(
    replicas.map((_, i) => ({ name: String(i), columns: buffers[i]! })),
    target,
  );
}

/** The whole query from the chunks on, without the transports. */
async function query(text: string, series: readonly Replicas[]): Promise<void> {
  const set: SelectedSet = {
    series: series.map((replicas, i) => ({
      labels: labelsFromRecord({ __name__: 'native', job: `job-${i % JOBS}`, pod: `pod-${i}` }),
      dropName: false,
      read: (target) => {
        readInto(target, replicas);
      },
    })),
    annotations: [],
  };
  const options: EngineOptions = {
    lookbackDelta: 300_000,
    maxSamples: 50_000_000,
    features: new Set(),
    clock: SYSTEM_CLOCK,
    noStepSubqueryInterval: 60_000,
    perStepStats: false,
  };
  const asked = { text, expr: parse(text), start: FIRST_STEP, end: END, step: SCRAPE };
  const { value } = await evaluate(asked, { select: async () => set }, options, NEVER);
  if (value.kind !== 'matrix' || value.series.length === 0) throw new Error(`${text} has no answer`);
}

/** A histogram of latencies: series have the same resolution and differ in which buckets they begin with. */
function replicasOf(seed: number, floats: boolean): Replicas {
  return [0, 1].map((replica) => {
    const random = randomFrom(seed * 10 + replica);
    const columns = new SampleBuffer(SAMPLES);
    const index = Int32Array.from({ length: BUCKETS }, (_, i) => i - 40 + (seed % 3));
    const counts = new Float64Array(BUCKETS);
    let sum = 0;
    for (let k = 0; k < SAMPLES; k++) {
      for (let i = 0; i < BUCKETS; i++) {
        const centre = 1 - Math.abs(i - BUCKETS / 2) / BUCKETS;
        counts[i]! += Math.floor(random() * 20 * centre ** 3) * (floats ? 0.37 : 1);
        sum += counts[i]! * 0.001;
      }
      const late = Math.floor(random() * 5);
      columns.pushHistogram(
        START + k * SCRAPE + replica * 4321 + late,
        histogramOf(index, counts.slice(), sum),
      );
    }
    return encodeColumns(columns);
  });
}

function histogramOf(index: Int32Array, count: Float64Array, sum: number): FloatHistogram {
  return {
    schema: 3,
    resetHint: ResetHint.unknown,
    count: count.reduce((total, x) => total + x, 0),
    sum,
    zeroThreshold: 2 ** -128,
    zeroCount: 0,
    positive: { index, count },
    negative: NO_BUCKETS,
    customValues: NO_CUSTOM_VALUES,
  };
}
