import type { ServerResponse } from 'node:http';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import type { Backend } from '../../src/backend/backend.ts';
import { EMPTY_LABELS, labelsToRecord } from '../../src/model/labels.ts';
import type { Matcher } from '../../src/model/matcher.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { parseMetricSelector } from '../../src/promql/parse.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { decodeReadRequest, ResponseType } from '../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames } from '../../src/wire/remote-read/streamed.ts';
import type { SampledSeries } from '../../src/wire/remote-read/sampled.ts';
import { SAMPLED_TYPE, STREAMED_TYPE } from './fake-prometheus.ts';
import { sendJson, sendText, startFakeServer, type FakeRequest, type FakeServer } from './fake-server.ts';
import { sampledAnswer } from './sampled-answer.ts';
import { scopeWith } from './scopes.ts';

/** In what servers differ that keep series of many tenants, as far as the gateway sees it. */
interface Manners {
  readonly prefix: string;
  readonly build: Readonly<Record<string, string>>;
  /** The forms in which it answers a remote read; none where it has no such call. */
  readonly read: 'chunks-or-samples' | 'samples' | 'samples-or-fails' | 'none';
  readonly needsTenant: boolean;
  /** Merges away this label where it is not told to leave it. */
  readonly mergesReplicas: boolean;
}

const STORE: Manners = {
  prefix: '/prometheus',
  build: {},
  read: 'chunks-or-samples',
  needsTenant: true,
  mergesReplicas: false,
};

type StandInKind = 'mimir' | 'cortex' | 'thanos' | 'promxy';

const MANNERS: Readonly<Record<StandInKind, Manners>> = {
  mimir: { ...STORE, build: { application: 'Grafana Mimir', version: '2.14.0', goVersion: 'go1.22' } },
  cortex: { ...STORE, build: { version: '1.18.0', goVersion: 'go1.22' }, read: 'samples' },
  thanos: {
    ...STORE,
    prefix: '',
    build: { version: '0.36.1', goVersion: 'go1.22' },
    read: 'none',
    needsTenant: false,
    mergesReplicas: true,
  },
  promxy: {
    ...STORE,
    prefix: '',
    build: { version: '2.24.0', goVersion: 'go1.22' },
    read: 'samples-or-fails',
    needsTenant: false,
  },
};

/** The tenant of servers that have one alone. */
const ALL = '';

/** A server that answers as one of a kind does, out of series with float samples in memory. `series` by tenant, or under ''. */
export async function startStoreStandIn(
  kind: StandInKind,
  series: Readonly<Record<string, readonly RawSeries[]>>,
): Promise<FakeServer> {
  const manners = MANNERS[kind];
  const stores = new Map(
    Object.entries(series).map(([tenant, of]) => [
      tenant,
      createMemoryBackend({ address: tenant, externalLabels: EMPTY_LABELS, series: of }),
    ]),
  );
  return startFakeServer((request, response) => {
    if (!request.path.startsWith(`${manners.prefix}/api/v1/`)) return notFound(response);
    const tenant = request.headers['x-scope-orgid'];
    if (manners.needsTenant && typeof tenant !== 'string')
      return sendText(response, 401, 'text/plain', 'no org id');
    const store = stores.get(manners.needsTenant ? String(tenant) : ALL);
    if (store === undefined) return sendText(response, 401, 'text/plain', 'no such tenant');
    return answer(manners, store, request, response);
  });
}

async function answer(
  manners: Manners,
  store: Backend,
  request: FakeRequest,
  response: ServerResponse,
): Promise<void> {
  switch (request.path.slice(manners.prefix.length)) {
    case '/api/v1/status/buildinfo':
      return succeed(response, manners.build);
    case '/api/v1/read':
      return manners.read === 'none' ? notFound(response) : read(manners.read, store, request, response);
    case '/api/v1/query':
      return query(manners, store, request, response);
    case '/api/v1/series': {
      const found = await select(store, [], 0, Number.MAX_SAFE_INTEGER);
      return succeed(
        response,
        found.map(({ labels }) => labelsToRecord(labels)),
      );
    }
    default:
      return notFound(response);
  }
}

async function read(
  forms: Manners['read'],
  store: Backend,
  { body }: FakeRequest,
  response: ServerResponse,
): Promise<void> {
  const { queries, accepted } = decodeReadRequest(body);
  const { matchers, minTime, maxTime } = queries[0]!;
  const wantsChunks = accepted[0] === ResponseType.streamedChunks;
  if (wantsChunks && forms === 'samples-or-fails')
    return sendText(response, 500, 'text/plain', 'not implemented');
  const found = await select(store, matchers, minTime, maxTime);
  if (wantsChunks && forms === 'chunks-or-samples') {
    const chunked = found.map(({ labels, columns }) => ({ labels, chunks: encodeColumns(columns) }));
    response.writeHead(200, { 'content-type': STREAMED_TYPE });
    response.end(Buffer.concat([...encodeChunkedFrames(chunked)]));
    return;
  }
  response.writeHead(200, { 'content-type': SAMPLED_TYPE, 'content-encoding': 'snappy' });
  response.end(sampledAnswer(found));
}

/** Range selectors alone, and the query that asks whether it answers any. */
async function query(
  { mergesReplicas }: Manners,
  store: Backend,
  { parameters }: FakeRequest,
  response: ServerResponse,
): Promise<void> {
  const text = parameters.get('query')!;
  if (text === '1') return succeed(response, { resultType: 'scalar', result: [0, '1'] });
  const [, selector, range] = /^(.*)\[(\d+)ms\]$/.exec(text)!;
  const end = Math.round(Number(parameters.get('time')) * 1000);
  const found = await select(store, parseMetricSelector(selector!), end - Number(range) + 1, end);
  const shown = mergesReplicas && parameters.get('dedup') !== 'false' ? found.slice(0, 1) : found;
  const result = shown.map(({ labels, columns: { t, v, length } }) => ({
    metric: labelsToRecord(labels),
    values: Array.from({ length }, (_, i) => [t[i]! / 1000, String(v[i])]),
  }));
  return succeed(response, { resultType: 'matrix', result });
}

async function select(
  store: Backend,
  matchers: readonly Matcher[],
  minTime: number,
  maxTime: number,
): Promise<readonly SampledSeries[]> {
  const hints = { range: 0, func: '' };
  const answered = await store.select(scopeWith(), { matchers, minTime, maxTime, hints });
  if (!answered.ok) throw new Error(answered.failure.reason);
  return Array.from(answered.value.series, ({ labels, data }) => {
    if (data.kind !== 'columns') throw new Error('a stand-in takes columns alone');
    return { labels, columns: data.columns };
  });
}

function succeed(response: ServerResponse, data: unknown): void {
  sendJson(response, { status: 'success', data });
}

function notFound(response: ServerResponse): void {
  sendText(response, 404, 'text/plain', '404 page not found');
}
