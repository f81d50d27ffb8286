import type { Backend, BackendSelect } from '../../src/backend/backend.ts';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import { createStoreApiBackend } from '../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../src/backend/store-api/options.ts';
import type { RequestScope } from '../../src/model/request-scope.ts';
import { watchTurns } from '../support/busy-turns.ts';
import { SAMPLED_TYPE, startFakePrometheus, STREAMED_TYPE } from '../support/fake-prometheus.ts';
import {
  EMPTY_CHUNK,
  EMPTY_STORE_CHUNK,
  delimited,
  frameOf,
  manyLabels,
  manySamples,
  tinySeries,
} from '../support/hostile/messages.ts';
import { listOf, matrixOf, seriesOfLabels } from '../support/hostile/json.ts';
import { startFramedStore } from '../support/load/framed-store.ts';
import { openScope } from '../support/scopes.ts';
import { compressSnappy } from '../../src/wire/snappy.ts';

const MB = Number(process.env['MB'] ?? 60);
/** Of a frame of streamed remote read, which are cut into frames of this size. */
const FRAME_MB = Number(process.env['FRAME_MB'] ?? 15);

const SELECT: BackendSelect = { matchers: [], minTime: 0, maxTime: 1e12, hints: { range: 0, func: '' } };
const LOOKUP = { matcherSets: [], minTime: -Infinity, maxTime: Infinity, limit: 0 };

/** What a test server answers, and what is asked of it. */
interface Row {
  readonly body: () => readonly Uint8Array[];
  readonly type: string;
  readonly path: string;
  readonly ask: (backend: Backend, scope: RequestScope) => Promise<{ readonly ok: boolean }>;
}

const select: Row['ask'] = (backend, scope) => backend.select(scope, SELECT);
const JSON_TYPE = 'application/json';
const READ = '/api/v1/read';
const QUERY = '/api/v1/query';

const ROWS: Readonly<Record<string, Row>> = {
  'streamed: tiny series in large frames': {
    path: READ,
    type: STREAMED_TYPE,
    body: () =>
      Array.from({ length: Math.ceil(MB / FRAME_MB) }, (_, i) =>
        frameOf(tinySeries(FRAME_MB * 1e6, EMPTY_CHUNK, i)),
      ),
    ask: select,
  },
  'streamed: a series of labels': {
    path: READ,
    type: STREAMED_TYPE,
    body: () => [frameOf(delimited(1, manyLabels(Math.min(MB, FRAME_MB) * 1e6)))],
    ask: select,
  },
  'sampled: a series of samples': {
    path: READ,
    type: SAMPLED_TYPE,
    body: () => [compressSnappy(delimited(1, delimited(1, manySamples(MB * 1e6))))],
    ask: select,
  },
  'sampled: a series of labels': {
    path: READ,
    type: SAMPLED_TYPE,
    body: () => [compressSnappy(delimited(1, delimited(1, manyLabels(MB * 1e6))))],
    ask: select,
  },
  'matrix: a series of samples': {
    path: QUERY,
    type: JSON_TYPE,
    body: () => [matrixOf('{"metric":{"a":"b"},"values":[', (i) => `[${i},"1"]`, ']}', MB * 1e6)],
    ask: select,
  },
  'matrix: a series of labels': {
    path: QUERY,
    type: JSON_TYPE,
    body: () => [matrixOf('{"metric":{', (i) => `"a${i}":"b"`, '},"values":[]}', MB * 1e6)],
    ask: select,
  },
  'matrix: a member that nobody knows': {
    path: QUERY,
    type: JSON_TYPE,
    body: () => [matrixOf('{"metric":{},"unknown":[', () => '{"a":[]}', ']}', MB * 1e6)],
    ask: select,
  },
  'series: one of 3 million labels': {
    path: '/api/v1/series',
    type: JSON_TYPE,
    body: () => [seriesOfLabels(3_000_000)],
    ask: (backend, scope) => backend.series(scope, LOOKUP),
  },
  'series: objects with nothing in them': {
    path: '/api/v1/series',
    type: JSON_TYPE,
    body: () => [listOf('{}', MB * 1e6)],
    ask: (backend, scope) => backend.series(scope, LOOKUP),
  },
};

/** gRPC messages, each of about {@link MB}. */
const MESSAGES: Readonly<Record<string, () => Uint8Array>> = {
  'gRPC: a batch of tiny series': () => delimited(4, tinySeries(MB * 1e6, EMPTY_STORE_CHUNK)),
  'gRPC: a series of labels': () => delimited(1, manyLabels(MB * 1e6)),
  'gRPC: a series of chunks with aggregates': () =>
    delimited(
      1,
      Buffer.concat(Array<Buffer>((MB * 1e6) / 8).fill(Buffer.from([0x12, 6, 0x22, 4, 0x12, 2, 0, 0]))),
    ),
};

/**
 * Answers of backends that are hostile or broken: how long each kept others waiting while it was read, of the processor's time, and
 * what became of it.
 */
export async function run(): Promise<void> {
  const rows: Record<string, Record<string, number | string>> = {};
  const wanted = process.env['ROW'] ?? '';
  for (const [name, row] of Object.entries(ROWS)) {
    if (!name.includes(wanted)) continue;
    const body = Buffer.concat(row.body());
    const server = await startFakePrometheus({
      [row.path]: (_, response) => void response.writeHead(200, { 'content-type': row.type }).end(body),
    });
    const backend = createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url: server.url });
    rows[name] = await measure(backend, row.ask);
    await Promise.all([backend.close(), server.close()]);
  }
  for (const [name, make] of Object.entries(MESSAGES)) {
    if (!name.includes(wanted)) continue;
    const store = await startFramedStore([make()]);
    const backend = createStoreApiBackend({
      ...STORE_API_DEFAULTS,
      address: store.target,
      target: store.target,
    });
    rows[name] = await measure(backend, select);
    await Promise.all([backend.close(), store.close()]);
  }
  console.table(rows);
}

async function measure(backend: Backend, ask: Row['ask']): Promise<Record<string, number | string>> {
  const scope = openScope();
  let outcome = '';
  const { total, longestTurn } = await watchTurns(async () => {
    const answer = (await ask(backend, scope)) as {
      ok: boolean;
      failure?: { reason: string };
    };
    outcome = answer.ok ? `answered` : answer.failure!.reason;
  });
  const row = {
    'longest turn ms': Math.round(longestTurn),
    'all turns ms': Math.round(total),
    'peak of budget MB': Math.round(scope.budget.peak / 1e6),
    outcome: outcome.slice(0, 90),
  };
  scope.budget.release();
  return row;
}
