import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startGateway, type RunningGateway } from '../../src/app/start-gateway.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { until } from '../support/until.ts';
import { NOW, startReplica, US_A, type FakeReplica } from './failures/support.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SECRET = 'hunter2';

interface Running {
  readonly gateway: RunningGateway;
  readonly replica: FakeReplica;
  readonly queryLog: string;
  /** All that the gateway logs, from debug on. */
  readonly lines: string[];
}

/** A gateway over one server that wants a secret, with a query log, and all queries are slow to it. */
async function start(t: TestContext, settings: Readonly<Record<string, unknown>> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-log-'));
  const queryLog = join(folder, 'queries');
  const replica = await startReplica(t, US_A);
  const all = {
    'http.address': '127.0.0.1:0',
    'grpc.address': '127.0.0.1:0',
    endpoints: [{ address: replica.url, bearer_token: SECRET, headers: { 'X-Api-Key': SECRET } }],
    'query.log_file': queryLog,
    'query.slow_query_log_threshold': '1ms',
    ...settings,
  };
  const overrides = Object.entries(all).map(([path, value]) => ({
    path: path.split('.'),
    value,
    source: path,
  }));
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', format: 'json' }, { write: (line) => void lines.push(line) });
  const gateway = await startGateway(loadConfig(undefined, overrides), 'test', logger);
  t.after(async () => {
    await gateway.close(0);
    rmSync(folder, { recursive: true });
  });
  return { gateway, replica, queryLog, lines };
}

async function linesOf(file: string, count: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const read = (): readonly string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  await until(`there are ${count} lines`, 20_000, async () => read().length >= count);
  return read().map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

const HEADERS = {
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
  'x-request-id': 'panel-7',
  'x-dashboard-uid': 'd1',
  'x-panel-id': '7',
  'x-grafana-user': 'ada',
  'user-agent': 'Grafana/12.1.0',
  authorization: `Bearer ${SECRET}`,
  cookie: `session=${SECRET}`,
};

test('a query is written down as Prometheus does it, with who asked and what it cost', async (t) => {
  const { gateway, queryLog } = await start(t);
  const range = `start=${NOW / 1000 - 60}&end=${NOW / 1000}&step=15`;
  await (
    await fetch(`${gateway.url}/api/v1/query_range?query=count(m)&${range}`, { headers: HEADERS })
  ).text();
  const [line] = await linesOf(queryLog, 1);
  const { params, stats, httpRequest, traceID, promweave, msg, level } = line as Record<string, object>;
  assert.deepEqual([msg, level], ['promql query logged', 'INFO']);
  const end = new Date(NOW).toISOString();
  const start_ = new Date(NOW - 60_000).toISOString();
  assert.deepEqual(params, { query: 'count(m)', start: start_, end, step: 15 });
  assert.deepEqual(httpRequest, { clientIP: '127.0.0.1', method: 'GET', path: '/api/v1/query_range' });
  assert.equal(traceID, TRACE);
  const { timings, samples } = stats as { readonly timings: object; readonly samples: object };
  assert.deepEqual(Object.keys(timings).toSorted(), [
    'evalTotalTime',
    'execQueueTime',
    'execTotalTime',
    'innerEvalTime',
    'queryPreparationTime',
    'resultSortTime',
  ]);
  assert.deepEqual(samples, {
    totalQueryableSamples: 10,
    peakSamples: (samples as { peakSamples: number }).peakSamples,
  });
  const { seconds, request, bytes, ...rest } = promweave as Record<string, unknown>;
  assert.deepEqual(Object.keys(seconds as object), ['queue', 'select', 'evaluate', 'send', 'total']);
  assert.match(request as string, /^[\da-f]{16}$/);
  assert.ok(Number(bytes) > 0);
  assert.deepEqual(rest, {
    kind: 'range',
    requestId: 'panel-7',
    traceId: TRACE,
    userAgent: 'Grafana/12.1.0',
    dashboard: 'd1',
    panel: '7',
    user: 'ada',
    series: 2,
    endpoints: 1,
    lost: [],
  });
});

test('where results are kept, it is written down how many steps of a query were', async (t) => {
  const { gateway, queryLog } = await start(t, {
    'query.results_cache_size': '1MiB',
    'query.results_cache_min_fresh': '0s',
  });
  const range = `start=${NOW / 1000 - 60}&end=${NOW / 1000}&step=15`;
  for (let i = 0; i < 2; i++)
    await (await fetch(`${gateway.url}/api/v1/query_range?query=count(m)&${range}`)).text();
  const lines = await linesOf(queryLog, 2);
  const kept = lines.map(({ promweave }) => {
    const { keptSteps, sharedSteps } = promweave as Record<string, unknown>;
    return { keptSteps, sharedSteps };
  });
  assert.deepEqual(kept, [
    { keptSteps: 0, sharedSteps: 0 },
    { keptSteps: 5, sharedSteps: 0 },
  ]);
});

test('a query that failed is written down, with the endpoint that could not be reached', async (t) => {
  const { gateway, queryLog, replica } = await start(t);
  replica.fault.read = (_, response) => void response.writeHead(500).end('no');
  const ask = async (query: string): Promise<unknown> =>
    (await fetch(`${gateway.url}/api/v1/query?query=${query}&time=${NOW / 1000}`)).text();
  await ask('m');
  await ask('m%20and%20on(');
  await ask('m&timeout=0s');
  replica.fault.read = (_, response) => void response.writeHead(422).end('no');
  await ask('m');
  const lines = await linesOf(queryLog, 3);
  const [lost, late, part] = lines as unknown as readonly {
    readonly error?: string;
    readonly promweave: { readonly lost: readonly string[] };
  }[];
  assert.ok(lost?.error?.includes('no endpoint can be reached') && lost.error.includes(replica.url));
  assert.match(late!.error!, /timed out/);
  assert.deepEqual([part!.error, part!.promweave.lost], [undefined, [replica.url]]);
});

test('a slow query is logged with where its time went', async (t) => {
  const { gateway, lines } = await start(t);
  await (await fetch(`${gateway.url}/api/v1/query?query=m&time=${NOW / 1000}`, { headers: HEADERS })).text();
  const slow = (): string | undefined => lines.find((line) => line.includes('slow query'));
  await until('it is logged', 20_000, async () => slow() !== undefined);
  const fields = JSON.parse(slow()!) as Readonly<Record<string, unknown>>;
  assert.deepEqual(
    [
      'level',
      'kind',
      'query',
      'client',
      'dashboard',
      'panel',
      'user',
      'userAgent',
      'requestId',
      'series',
      'endpoints',
    ].map((name) => fields[name]),
    ['warn', 'instant', 'm', '127.0.0.1', 'd1', '7', 'ada', 'Grafana/12.1.0', 'panel-7', 2, 1],
  );
  for (const name of ['queueSeconds', 'selectSeconds', 'evaluateSeconds', 'sendSeconds', 'totalSeconds'])
    assert.equal(typeof fields[name], 'number', name);
});

test('no secret of callers and endpoints is in a log, a list or a metric', async (t) => {
  const { gateway, lines, queryLog, replica } = await start(t);
  const get = async (path: string): Promise<string> =>
    (await fetch(gateway.url + path, { headers: HEADERS })).text();
  const secret = `token=${SECRET}&access_token=${SECRET}`;
  await get(`/api/v1/query?query=m&time=${NOW / 1000}&${secret}`);
  replica.fault.all = (_, response) => void response.writeHead(500).end('no');
  replica.fault.read = replica.fault.all;
  await get(`/api/v1/query?query=m&time=${NOW / 1000}&${secret}`);
  await get(`/api/v1/query?time=x&${secret}`);
  await get(`/api/v1/nothing?${secret}`);
  const paths = ['stores', 'status/active_queries', 'status/top_queries', 'status/flags'].map(
    (path) => `/api/v1/${path}`,
  );
  const told = await Promise.all([...paths, '/metrics', `/api/v1/explain?query=m&${secret}`].map(get));
  await linesOf(queryLog, 2);
  assert.ok(lines.length > 5 && told.every((text) => text.length > 20));
  for (const text of [...told, ...lines, readFileSync(queryLog, 'utf8')])
    assert.doesNotMatch(text, new RegExp(SECRET));
});

test('a query log that cannot be written is said at the start', async (t) => {
  await assert.rejects(start(t, { 'query.log_file': '/nowhere/at/all' }), {
    kind: 'bad_data',
    message: /^cannot write the query log \/nowhere\/at\/all: /,
  });
});

test('a full disk ends and slows nothing, and the lines are counted', async (t) => {
  const { gateway } = await start(t, { 'query.log_file': '/dev/full' });
  for (let i = 0; i < 3; i++)
    assert.equal((await fetch(`${gateway.url}/api/v1/query?query=m&time=${NOW / 1000}`)).status, 200);
  await until('three lines are counted', 20_000, async () =>
    (await (await fetch(`${gateway.url}/metrics`)).text()).includes(
      'promweave_query_log_lines_dropped_total 3',
    ),
  );
});
