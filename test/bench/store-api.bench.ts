import { fileURLToPath } from 'node:url';
import type { Backend } from '../../src/backend/backend.ts';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import { createStoreApiBackend } from '../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../src/backend/store-api/options.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { ReadScratch, readReplica } from '../../src/select/reading/read-replica.ts';
import { END, METRIC } from '../support/load/counter-pairs.ts';
import { startChild } from '../support/load/child.ts';
import { openScope } from '../support/scopes.ts';

const STORE = fileURLToPath(import.meta.resolve('../support/load/store-process.ts'));
const SERIES = 10_000;
const ROUNDS = 7;

/**
 * The same series over remote read and over gRPC, in messages of one series and of 64; best of some rounds. The last row
 * has our own sender on the other side; the others' servers only hand over bytes.
 */
export async function run(): Promise<void> {
  console.log(
    `${SERIES} series from a server in another process, until every sample is decoded; best of ${ROUNDS}`,
  );
  const servers = await Promise.all([1, 64].map((batch) => startChild(STORE, [`${SERIES}`, `${batch}`])));
  const [single, batched] = servers.map(({ url }) => url.split(' ') as [string, string, string]);
  const backends: Readonly<Record<string, Backend>> = {
    'remote read': createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url: single![0] }),
    'gRPC, batches of 64': storeAt(batched![1]),
    'gRPC, single series': storeAt(single![1]),
    'gRPC, single series, our sender': storeAt(single![2]),
  };
  const best: Record<string, Reading> = {};
  try {
    // They take turns, so that a machine that slows down slows all of them: their ratios hold.
    for (let round = 0; round <= ROUNDS; round++)
      for (const [name, backend] of Object.entries(backends)) {
        const reading = await read(backend);
        if (round > 0 && reading.ms < (best[name]?.ms ?? Infinity)) best[name] = reading;
      }
  } finally {
    await Promise.all([
      ...Object.values(backends).map((backend) => backend.close()),
      ...servers.map((server) => server.stop()),
    ]);
  }
  const base = best['remote read']!;
  console.table(
    Object.fromEntries(
      Object.entries(best).map(([name, { ms, samples, mb }]) => [
        name,
        {
          ms: Math.round(ms),
          'MB in': Math.round(mb * 10) / 10,
          'k series/s': Math.round(SERIES / ms),
          'M samples/s': Math.round(samples / ms / 10) / 100,
          'of remote read': Math.round((base.ms / ms) * 100) / 100,
        },
      ]),
    ),
  );
}

interface Reading {
  readonly ms: number;
  readonly samples: number;
  readonly mb: number;
}

function storeAt(target: string): Backend {
  return createStoreApiBackend({ ...STORE_API_DEFAULTS, address: target, target });
}

async function read(backend: Backend): Promise<Reading> {
  const scope = openScope();
  const started = performance.now();
  const result = await backend.select(scope, {
    matchers: [{ kind: '=', name: '__name__', value: METRIC }],
    minTime: 0,
    maxTime: END,
    hints: { range: 0, func: '' },
  });
  if (!result.ok) throw new Error(`${backend.address}: ${result.failure.reason}`);
  const { series, bytes } = result.value;
  if (series.length !== SERIES) throw new Error(`${backend.address} sent ${series.length} series`);
  const [target, scratch] = [new SampleBuffer(), new ReadScratch()];
  let samples = 0;
  for (const { data } of series) {
    readReplica([data], -Infinity, Infinity, target, scratch);
    samples += target.length;
  }
  const ms = performance.now() - started;
  scope.budget.release();
  return { ms, samples, mb: bytes / 1e6 };
}
