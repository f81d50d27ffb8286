import type { RawSeries } from '../../src/model/raw-data.ts';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import { dedupe } from '../../src/dedup/dedupe.ts';
import { evaluate, type EngineOptions, type EngineQuery } from '../../src/engine/evaluate.ts';
import type { SelectedSet } from '../../src/engine/series-source.ts';
import { toChunks } from '../../src/http/chunks.ts';
import { encodeValue } from '../../src/http/routes/query/encode-value.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { labelsKey, withoutLabels } from '../../src/model/labels.ts';
import {
  appendRange,
  copyColumns,
  SampleBuffer,
  type SampleColumns,
} from '../../src/model/sample-columns.ts';
import { parse } from '../../src/promql/parse.ts';
import { ReadScratch, readReplica } from '../../src/select/reading/read-replica.ts';
import { queryInstant, queryRange } from '../support/api-client.ts';
import { END, METRIC, SAMPLES, START, STEPS } from '../support/load/counter-pairs.ts';
import { startLoad, type LoadGateway } from '../support/load/load-servers.ts';
import { openScope } from '../support/scopes.ts';

const SERIES = 10_000;
const ROUNDS = 5;
const QUERY = `sum by (job) (rate(${METRIC}[5m]))`;
const REPLICA_LABELS: ReadonlySet<string> = new Set(['__replica__']);
const NEVER = new AbortController().signal;

/** Whole queries over real sockets, then the stages of the same work one by one; best of some rounds. */
export async function run(): Promise<void> {
  console.log(
    `${QUERY}: ${SERIES} series, ${SAMPLES} samples of each in each of 2 replicas, ${STEPS} steps; best of ${ROUNDS}`,
  );
  const load = await startLoad(SERIES);
  try {
    const pair = await load.startGateway(load.urls);
    const alone = await load.startGateway(load.urls.slice(0, 1));
    await runQueries(pair, alone);
    await runStages(load.urls);
  } finally {
    await load.stop();
  }
}

/** The variants take turns, so that a machine that slows down slows all of them: their ratios hold. */
async function runQueries(pair: LoadGateway, alone: LoadGateway): Promise<void> {
  const range = { start: START / 1000, end: END / 1000, step: 15 };
  const variants: Readonly<Record<string, () => Promise<unknown>>> = {
    'range, 2 replicas': () => queryRange(pair.url, QUERY, range),
    'range, 1 replica alone': () => queryRange(alone.url, QUERY, range),
    'instant, 2 replicas': () => queryInstant(pair.url, QUERY, { time: END / 1000 }),
  };
  const best: Record<string, number> = {};
  let peak = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, call] of Object.entries(variants)) {
      const ms = await timed(call);
      // The first round opens connections, compiles the code and lets the servers encode their answers.
      if (round > 0) best[name] = Math.min(best[name] ?? Infinity, ms);
      else if (name === 'range, 2 replicas') peak = await pair.peakBytes();
    }
  }
  const whole = best['range, 2 replicas']!;
  console.table(
    Object.fromEntries(
      Object.entries(best).map(([name, ms]) => [name, { ms: round(ms), 'of the first': round(ms / whole) }]),
    ),
  );
  console.log(
    `peak memory of the gateway: ${megabytes(peak)} MB after one query, ` +
      `${megabytes(await pair.peakBytes())} MB after ${ROUNDS * 2 + 2}`,
  );
}

async function runStages(urls: readonly string[]): Promise<void> {
  const stages: Record<string, Record<string, number>> = {};
  const keep = (name: string, ms: number, more: Record<string, number>): void => {
    if (ms < (stages[name]?.['ms'] ?? Infinity)) stages[name] = { ms: round(ms), ...more };
  };
  for (let round = 0; round < ROUNDS; round++) {
    let started = performance.now();
    const replicas = await Promise.all(urls.map(fetchReplica));
    const bytes = replicas.reduce((sum, replica) => sum + replica.bytes, 0);
    keep('fetch and frames', performance.now() - started, { 'MB in': megabytes(bytes) });

    const { decodeMs, dedupMs, samples, series } = decodeAndDedupe(
      replicas.map((replica) => [...replica.series]),
    );
    keep('decode', decodeMs, { 'M samples/s': millions(samples, decodeMs) });
    keep('dedup', dedupMs, { 'M samples/s': millions(samples, dedupMs) });

    started = performance.now();
    const answer = await evaluateOver(series);
    const evaluateMs = performance.now() - started;
    const kept = series.reduce((sum, { columns }) => sum + columns.length, 0);
    keep('rate and sum', evaluateMs, { 'M samples/s': millions(kept, evaluateMs) });

    started = performance.now();
    let out = 0;
    for (const chunk of toChunks(encodeValue(answer.value))) out += chunk.length;
    keep('encode', performance.now() - started, { 'kB out': Math.round(out / 1000) });
  }
  console.table(stages);
}

async function fetchReplica(url: string) {
  const backend = createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url });
  const described = await backend.describe(NEVER);
  const result = await backend.select(openScope(), {
    matchers: [{ kind: '=', name: '__name__', value: METRIC }],
    minTime: 0,
    maxTime: END,
    hints: { range: 0, func: '' },
  });
  await backend.close();
  const failed = [described, result].find((each) => !each.ok);
  if (!result.ok || failed !== undefined) throw new Error(`${url} cannot be read: ${failed!.failure.reason}`);
  return result.value;
}

interface DedupedSeries {
  readonly labels: RawSeries['labels'];
  readonly columns: SampleColumns;
}

/** Every series as the selection reads it; the replicas' answers are in the same order. */
function decodeAndDedupe([first = [], second = []]: readonly (readonly RawSeries[])[]) {
  const scratch = new ReadScratch();
  const [a, b, target] = [new SampleBuffer(), new SampleBuffer(), new SampleBuffer()];
  const series: DedupedSeries[] = [];
  let [decodeMs, dedupMs, samples] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    const labels = withoutLabels(first[i]!.labels, REPLICA_LABELS);
    if (labelsKey(labels) !== labelsKey(withoutLabels(second[i]!.labels, REPLICA_LABELS)))
      throw new Error(`the replicas differ at series ${i}`);
    const started = performance.now();
    readReplica([first[i]!.data], -Infinity, END, a, scratch);
    readReplica([second[i]!.data], -Infinity, END, b, scratch);
    const decoded = performance.now();
    target.clear();
    dedupe(
      [
        { name: '0', columns: a },
        { name: '1', columns: b },
      ],
      target,
    );
    dedupMs += performance.now() - decoded;
    decodeMs += decoded - started;
    samples += a.length + b.length;
    series.push({ labels, columns: copyColumns(target) });
  }
  return { decodeMs, dedupMs, samples, series };
}

/** The engine over samples that are ready: what is left is windows, rate and sum. */
async function evaluateOver(series: readonly DedupedSeries[]) {
  const set: SelectedSet = {
    series: series.map(({ labels, columns }) => ({
      labels,
      dropName: false,
      read: (target) => {
        target.clear();
        appendRange(target, columns, 0, columns.length);
      },
    })),
    annotations: [],
  };
  const query: EngineQuery = { text: QUERY, expr: parse(QUERY), start: START, end: END, step: 15_000 };
  const options: EngineOptions = {
    lookbackDelta: 300_000,
    maxSamples: 50_000_000,
    features: new Set(),
    clock: SYSTEM_CLOCK,
    noStepSubqueryInterval: 60_000,
    perStepStats: false,
  };
  return evaluate(query, { select: async () => set }, options, NEVER);
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

function millions(samples: number, ms: number): number {
  return round(samples / ms / 1000);
}

function megabytes(bytes: number): number {
  return round(bytes / 1e6);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
