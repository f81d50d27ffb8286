import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { RawSeriesSet } from '../../../src/backend/backend.ts';
import type { PrometheusOptions } from '../../../src/backend/prometheus/options.ts';
import { labelValue } from '../../../src/model/labels.ts';
import { isStale } from '../../../src/model/stale.ts';
import { startFakePrometheus } from '../../support/fake-prometheus.ts';
import { sendJson, sendText, type FakeHandler } from '../../support/fake-server.ts';
import { scopeWith } from '../../support/scopes.ts';
import { startStoreStandIn } from '../../support/store-stand-in.ts';
import { columnsSeries } from '../../select/support.ts';
import { backendAt, backendFor, failureOf, NEVER, SELECT_UP, valueOf } from './support.ts';

const pair = (job: string) =>
  ['a', 'b'].map((replica) =>
    columnsSeries({ __name__: 'up', job, __replica__: replica }, [
      [1_000_000, 1],
      [1_015_000, Infinity],
      [1_060_001, 7],
    ]),
  );

type Series = readonly (readonly [job: string, replica: string, values: readonly number[]])[];

const BOTH: Series = [
  ['eu', 'a', [1, Infinity]],
  ['eu', 'b', [1, Infinity]],
];

function shown({ series }: RawSeriesSet): Series {
  return Array.from(series, ({ labels, data }) => {
    assert.ok(data.kind !== 'chunks' || data.chunks.length === 1);
    const count = data.kind === 'columns' ? data.columns.length : 2;
    const values = data.kind === 'columns' ? [...data.columns.v.subarray(0, count)] : [1, Infinity];
    return [labelValue(labels, 'job'), labelValue(labels, '__replica__'), values] as const;
  });
}

async function described(t: TestContext, url: string, options: Partial<PrometheusOptions> = {}) {
  const backend = backendAt(t, url, options);
  const { component, protocol, version } = valueOf(await backend.describe(NEVER));
  return { backend, told: [component, protocol, version] };
}

for (const [kind, protocol] of [
  ['mimir', 'remote-read-chunks'],
  ['cortex', 'remote-read-samples'],
] as const) {
  test(`${kind} is recognised under its prefix and read as ${protocol} of the tenant`, async (t) => {
    const server = await startStoreStandIn(kind, { eu: pair('eu'), us: pair('us') });
    t.after(() => server.close());
    const headers = { 'X-Scope-OrgID': 'eu' };
    const { backend, told } = await described(t, `${server.url}/prometheus`, { headers });
    assert.deepEqual(told.slice(0, 2), [kind, protocol]);
    assert.deepEqual(shown(valueOf(await backend.select(scopeWith(), SELECT_UP))), BOTH);
    assert.equal(backend.origins, undefined);
  });

  test(`${kind} without a tenant says that credentials are missing`, async (t) => {
    const server = await startStoreStandIn(kind, { eu: pair('eu') });
    t.after(() => server.close());
    const { reason } = failureOf(await backendAt(t, `${server.url}/prometheus`).describe(NEVER));
    assert.match(reason, /^HTTP 401 for \/api\/v1\/status\/config; check this endpoint's credentials/);
  });

  test(`${kind} at an address without its prefix says where its API is`, async (t) => {
    const server = await startStoreStandIn(kind, { eu: pair('eu') });
    t.after(() => server.close());
    const headers = { 'X-Scope-OrgID': 'eu' };
    const { reason } = failureOf(await backendAt(t, server.url, { headers, kind }).describe(NEVER));
    assert.match(reason, /has its API under \/prometheus .*, so check that the address ends with its path$/);
  });
}

test('Thanos Query is read by query, and told to merge no replicas', async (t) => {
  const server = await startStoreStandIn('thanos', { '': pair('eu') });
  t.after(() => server.close());
  const { backend, told } = await described(t, server.url);
  assert.deepEqual(told, ['thanos', 'query', '0.36.1']);
  assert.deepEqual(shown(valueOf(await backend.select(scopeWith(), SELECT_UP))), BOTH);
  const request = { matcherSets: [SELECT_UP.matchers], minTime: 0, maxTime: 1, limit: 0 };
  assert.equal(valueOf(await backend.series(scopeWith(), request)).items.length, 2);
  assert.equal(server.requests.at(-1)!.parameters.get('dedup'), 'false');
});

for (const kind of [undefined, 'promxy'] as const)
  test(`promxy, which fails where it is asked for chunks, is read as samples${kind === undefined ? ', unnamed as well' : ''}`, async (t) => {
    const server = await startStoreStandIn('promxy', { '': pair('eu') });
    t.after(() => server.close());
    const { backend, told } = await described(t, server.url, { kind });
    assert.equal(told[1], 'remote-read-samples');
    const before = server.requests.length;
    assert.deepEqual(shown(valueOf(await backend.select(scopeWith(), SELECT_UP))), BOTH);
    assert.equal(server.requests.length, before + 1);
  });

const AGENT: FakeHandler = (_, response) =>
  sendJson(
    response,
    { status: 'error', errorType: 'execution', error: 'unavailable with Prometheus Agent' },
    422,
  );

test('a Prometheus in agent mode is named, has no samples, and lacks nothing', async (t) => {
  const server = await startFakePrometheus(
    {
      '/api/v1/read': (_, response) => sendText(response, 500, 'text/plain', 'unsupported operation'),
      '/api/v1/query': AGENT,
      '/api/v1/series': AGENT,
      '/api/v1/labels': AGENT,
      '/api/v1/rules': AGENT,
    },
    '    cluster: eu',
  );
  t.after(() => server.close());
  const { backend, told } = await described(t, server.url);
  assert.deepEqual(told.slice(0, 2), ['prometheus-agent', 'none']);
  const request = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };
  const nothing = { items: [], annotations: [] };
  assert.equal(valueOf(await backend.select(scopeWith(), SELECT_UP)).series.length, 0);
  assert.deepEqual(valueOf(await backend.series(scopeWith(), request)), nothing);
  assert.deepEqual(valueOf(await backend.labelNames(scopeWith(), request)), nothing);
  const rules = { type: 'all', ruleNames: [], groupNames: [], files: [], excludeAlerts: false } as const;
  assert.deepEqual(valueOf(await backend.lists.rules(scopeWith(), rules)), nothing);
});

/** As VictoriaMetrics answers; newer versions tell a version of Prometheus for Grafana. */
function victoria(lines: string, version?: string): FakeHandler {
  return ({ path, parameters }, response) => {
    response.setHeader('x-server-hostname', 'vm');
    if (path === '/api/v1/status/buildinfo')
      return sendJson(response, { status: 'success', data: version === undefined ? {} : { version } });
    if (path === '/api/v1/status/config')
      return sendJson(response, { status: 'success', data: { yaml: '' } });
    if (path !== '/api/v1/export') return sendText(response, 400, 'text/plain', 'unsupported path requested');
    const isProbe = parameters.get('end') === '0.000';
    response.writeHead(200, { 'content-type': 'application/stream+json; charset=utf-8' });
    return void response.end(isProbe ? '' : lines);
  };
}

const LINE =
  '{"metric":{"__name__":"up","job":"eu"},"values":[1,+Inf,"-Infinity",null,1e-7],' +
  '"timestamps":[1000000,1015000,1030000,1045000,1060000]}\n';

for (const version of [undefined, '2.24.0'])
  test(`VictoriaMetrics ${version === undefined ? 'of old' : 'of today'} is read by export`, async (t) => {
    const backend = await backendFor(t, victoria(LINE + LINE.replace('eu', 'us'), version));
    const { component, protocol } = valueOf(await backend.describe(NEVER));
    assert.deepEqual([component, protocol], ['victoria-metrics', 'export']);
    const { series, annotations } = valueOf(await backend.select(scopeWith(), SELECT_UP));
    assert.deepEqual(annotations, []);
    const [first, second] = [...series];
    assert.equal(labelValue(second!.labels, 'job'), 'us');
    assert.ok(first!.data.kind === 'columns');
    const { t: times, v } = first!.data.columns;
    assert.deepEqual([...times], [1_000_000, 1_015_000, 1_030_000, 1_045_000, 1_060_000]);
    assert.deepEqual([v[0], v[1], v[2], v[4]], [1, Infinity, -Infinity, 1e-7]);
    // It stores no other NaN.
    assert.ok(isStale(v[3]!));
  });

for (const [what, lines, problem] of [
  ['that is cut inside of a line', LINE.slice(0, -10), /ends inside of a line/],
  ['with an error behind its lines', `${LINE}cannot read the storage\n`, /JSON answer/],
  ['with more values than times', LINE.replace('[1,', '[1,2,'), /as many values as times/],
  ['whose times go back', LINE.replace('1060000', '1'), /not in order: 1 follows on 1045000/],
  [
    'with a line without end',
    `{"metric":"${'x'.repeat(17 * 1024 * 1024)}`,
    /line of more than 16777216 bytes/,
  ],
] as const)
  test(`an export ${what} is a failure`, async (t) => {
    const backend = await backendFor(t, victoria(lines));
    valueOf(await backend.describe(NEVER));
    assert.match(failureOf(await backend.select(scopeWith(), SELECT_UP)).reason, problem);
  });

test('of several samples of one time in an export the last counts', async (t) => {
  const backend = await backendFor(
    t,
    victoria('{"metric":{"__name__":"up"},"values":[1,2,3],"timestamps":[1000000,1000000,1015000]}\n'),
  );
  valueOf(await backend.describe(NEVER));
  assert.deepEqual(shown(valueOf(await backend.select(scopeWith(), SELECT_UP))), [['', '', [2, 3]]]);
});

test('where a cluster refuses an export, a query tells that the answer lacks something', async (t) => {
  const export_ = victoria('');
  const backend = await backendFor(t, (request, response) => {
    if (request.path === '/api/v1/query')
      return sendJson(response, {
        status: 'success',
        isPartial: true,
        data: {
          resultType: 'matrix',
          result: [{ metric: { __name__: 'up' }, values: [[1000, 'NaN']] }],
        },
      });
    if (request.path === '/api/v1/export' && request.parameters.get('end') !== '0.000')
      return sendText(response, 503, 'text/plain', 'cannot fetch data from vmstorage nodes');
    return export_(request, response);
  });
  valueOf(await backend.describe(NEVER));
  const { series, annotations } = valueOf(await backend.select(scopeWith(), SELECT_UP));
  assert.deepEqual(
    annotations.map(({ kind }) => kind),
    ['incomplete'],
  );
  const { data } = [...series][0]!;
  assert.ok(data.kind === 'columns' && isStale(data.columns.v[0]!));
});

test('a range that is too much for one query is read in pieces', async (t) => {
  const longest = 20_000;
  const backend = await backendFor(t, ({ path, parameters }, response) => {
    if (path !== '/api/v1/query') return sendText(response, 404, 'text/plain', 'no');
    const range = Number(/\[(\d+)ms\]/.exec(parameters.get('query')!)?.[1] ?? 0);
    if (range > longest)
      return sendJson(
        response,
        { status: 'error', errorType: 'execution', error: 'query processing would load too many samples' },
        422,
      );
    const end = Number(parameters.get('time')) * 1000;
    const inside = [1_000_000, 1_015_000, 1_060_000].filter((time) => time > end - range && time <= end);
    const result =
      inside.length === 0
        ? []
        : [{ metric: { __name__: 'up' }, values: inside.map((time) => [time / 1000, '1']) }];
    return sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
  const { series } = valueOf(await backend.select(scopeWith(), SELECT_UP));
  const times = [...series].flatMap(({ data }) => (data.kind === 'columns' ? [...data.columns.t] : []));
  assert.deepEqual(times, [1_000_000, 1_015_000, 1_060_000]);
});

test('a server that refuses each piece of a range is given up', async (t) => {
  let calls = 0;
  const backend = await backendFor(t, ({ path, parameters }, response) => {
    if (path !== '/api/v1/query') return sendText(response, 404, 'text/plain', 'no');
    if (parameters.get('query') === '1')
      return sendJson(response, { status: 'success', data: { resultType: 'scalar', result: [0, '1'] } });
    calls++;
    return sendJson(response, { status: 'error', errorType: 'execution', error: 'too many samples' }, 422);
  });
  assert.equal(failureOf(await backend.select(scopeWith(), SELECT_UP)).kind, 'too_large');
  assert.ok(calls > 10 && calls <= 64, `${calls} calls`);
});

test('parameters go with each request, beside those of a call', async (t) => {
  const seen: string[] = [];
  const backend = await backendFor(
    t,
    ({ path, parameters }, response) => {
      seen.push(`${path} ${parameters.get('db')}`);
      return sendText(response, 404, 'text/plain', 'no');
    },
    { parameters: { db: 'a b&c' } },
  );
  failureOf(await backend.describe(NEVER));
  assert.ok(seen.length > 3);
  assert.deepEqual(
    seen.filter((line) => !line.endsWith(' a b&c')),
    [],
  );
});
