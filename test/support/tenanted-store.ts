import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { EMPTY_LABELS, labelsToRecord } from '../../src/model/labels.ts';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { parseMetricSelector } from '../../src/promql/parse.ts';
import { NO_FEATURES } from '../../src/promql/features.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { decodeReadRequest } from '../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames } from '../../src/wire/remote-read/streamed.ts';
import { columnsSeries } from '../select/support.ts';
import { STREAMED_TYPE } from './fake-prometheus.ts';
import { sendJson, sendText, startFakeServer, type FakeHandler, type FakeRequest } from './fake-server.ts';
import { scopeWith } from './scopes.ts';

/** How a store finds out for which of its tenants a request is. */
export interface TenantPlace {
  /** Undefined where the request names none: then the store refuses it. */
  readonly tenantOf: (request: FakeRequest) => string | undefined;
  /** In front of the paths of the API. */
  readonly prefix: RegExp;
}

/** As Mimir and Cortex have it. */
export const BY_HEADER: TenantPlace = {
  tenantOf: ({ headers }) => headers['x-scope-orgid'] as string | undefined,
  prefix: /^\/prometheus/,
};

const VM_PREFIX = /^\/select\/(\d+(?::\d+)?)\/prometheus/;

/** As a cluster of VictoriaMetrics has it. */
export const BY_PATH: TenantPlace = {
  tenantOf: ({ path }) => VM_PREFIX.exec(path)?.[1],
  prefix: VM_PREFIX,
};

export interface TenantedStore {
  readonly url: string;
  /** For which of its tenants it was asked since the last call of this, each once, in order; `nobody` where a request named none. */
  asked(): readonly string[];
  /** Tenants for which it answers nothing but errors. */
  readonly failing: Set<string>;
  /** How long it takes to tell what it is, ms. */
  lookMs: number;
}

/**
 * A store that has other data for each of its tenants, what of it tells of one having `secret-` and its name in it, and refuses whoever
 * names none. A series of each says itself that it is of `other`, by the label `tenant_id`.
 */
export async function startTenantedStore(
  t: TestContext,
  { tenantOf, prefix }: TenantPlace,
  now: number,
): Promise<TenantedStore> {
  let asked: string[] = [];
  const failing = new Set<string>();
  const server = await startFakeServer(async (request, response) => {
    if (request.path.endsWith('/status/buildinfo')) await sleep(store.lookMs);
    const tenant = tenantOf(request);
    asked.push(tenant ?? 'nobody');
    if (tenant === undefined) return sendText(response, 401, 'text/plain', 'no org id');
    if (failing.has(tenant)) return sendText(response, 500, 'text/plain', `secret-${tenant} is broken`);
    const answer = answers(tenant, now)[request.path.replace(prefix, '')];
    if (answer === undefined) return sendText(response, 404, 'text/plain', 'not found');
    return answer(request, response);
  });
  t.after(() => server.close());
  const store: TenantedStore = {
    url: server.url,
    failing,
    lookMs: 0,
    asked: () => {
      const names = [...new Set(asked)].toSorted();
      asked = [];
      return names;
    },
  };
  return store;
}

function seriesOf(tenant: string, now: number): readonly RawSeries[] {
  const labels = { __name__: 'm', of: `secret-${tenant}` };
  return [labels, { ...labels, liar: 'yes', tenant_id: 'other' }].map((each) =>
    columnsSeries(each, [
      [now - 60_000, 1],
      [now - 30_000, 2],
    ]),
  );
}

/** What it answers one tenant, by path. */
function answers(tenant: string, now: number): Readonly<Record<string, FakeHandler>> {
  const secret = `secret-${tenant}`;
  const series = seriesOf(tenant, now);
  const backend = createMemoryBackend({ address: 'memory', externalLabels: EMPTY_LABELS, series });
  const ok =
    (data: unknown): FakeHandler =>
    (_, response) =>
      sendJson(response, { status: 'success', data });
  const rule = {
    type: 'alerting',
    name: `${secret}-alert`,
    query: 'm > 0',
    duration: 0,
    labels: {},
    annotations: {},
    health: 'ok',
    state: 'firing',
    evaluationTime: 0.1,
    lastEvaluation: new Date(now).toISOString(),
    alerts: [
      {
        labels: { alertname: `${secret}-alert` },
        annotations: {},
        state: 'firing',
        activeAt: new Date(now).toISOString(),
        value: '1e+00',
      },
    ],
  };
  return {
    '/api/v1/status/buildinfo': ok({ application: 'Grafana Mimir', version: '2.17.0' }),
    '/api/v1/labels': ok(['__name__', 'of', 'liar', 'tenant_id']),
    '/api/v1/label/of/values': ok([secret]),
    '/api/v1/metadata': ok({ m: [{ type: 'gauge', help: `${secret} help`, unit: '' }] }),
    '/api/v1/query_exemplars': ok([
      {
        seriesLabels: { __name__: 'm', of: secret },
        exemplars: [{ labels: { trace_id: `${secret}-trace` }, value: '1', timestamp: now / 1000 }],
      },
    ]),
    '/api/v1/rules': ok({
      groups: [
        {
          name: `${secret}-group`,
          file: 'rules.yml',
          interval: 30,
          limit: 0,
          rules: [rule],
          evaluationTime: 0.1,
          lastEvaluation: new Date(now).toISOString(),
        },
      ],
    }),
    '/api/v1/series': async ({ parameters }, response) => {
      const matcherSets = parameters
        .getAll('match[]')
        .map((selector) => parseMetricSelector(selector, NO_FEATURES));
      const found = await backend.series(scopeWith(), {
        matcherSets,
        minTime: -Infinity,
        maxTime: Infinity,
        limit: 0,
      });
      if (!found.ok) return sendText(response, 400, 'text/plain', found.failure.reason);
      const data = [...found.value.items].map((labels) => labelsToRecord(labels));
      return sendJson(response, { status: 'success', data });
    },
    '/api/v1/read': async ({ body }, response) => {
      const { matchers, minTime, maxTime } = decodeReadRequest(body).queries[0]!;
      const hints = { range: 0, func: '' };
      const answer = await backend.select(scopeWith(), { matchers, minTime, maxTime, hints });
      if (!answer.ok) return sendText(response, 400, 'text/plain', answer.failure.reason);
      const selected = [...answer.value.series].map(({ labels, data }) => ({
        labels,
        chunks: data.kind === 'chunks' ? data.chunks : encodeColumns(data.columns),
      }));
      response.writeHead(200, { 'content-type': STREAMED_TYPE });
      response.end(Buffer.concat([...encodeChunkedFrames(selected)]));
    },
  };
}
