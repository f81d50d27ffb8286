import assert from 'node:assert/strict';
import { ALWAYS_READY } from '../../src/http/stage.ts';
import { test } from 'node:test';
import { NOW, answering, serverOver } from './support.ts';

test('unknown paths and wrong methods are refused as Prometheus does', async () => {
  const server = serverOver({});
  const unknown = await server.inject('/api/v1/nope');
  assert.equal(unknown.statusCode, 404);
  assert.equal(unknown.headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(unknown.body, '404 page not found\n');
  for (const method of ['DELETE', 'HEAD', 'PUT'] as const) {
    const wrong = await server.inject({ method, url: '/api/v1/query' });
    assert.equal(wrong.statusCode, 405);
    assert.equal(wrong.headers.allow, 'GET, OPTIONS, POST');
    assert.equal(wrong.headers['content-type'], 'text/plain; charset=utf-8');
  }
  assert.equal(
    (await server.inject({ method: 'DELETE', url: '/api/v1/query' })).body,
    'Method Not Allowed\n',
  );
});

test('pages of other origins may read answers unless that is disabled', async () => {
  const url = '/api/v1/query?query=1';
  const headers = { origin: 'http://page' };
  const value = { kind: 'scalar', t: NOW, v: 1 } as const;
  const open = await serverOver(answering(value)).inject({ url, headers });
  assert.equal(open.headers['access-control-allow-origin'], 'http://page');
  assert.equal(open.headers.vary, 'Origin, Accept-Encoding');
  assert.equal(open.headers['access-control-expose-headers'], 'Date, x-promweave-warnings');
  const closed = await serverOver(answering(value), { cors: false }).inject({ url, headers });
  assert.equal(closed.headers['access-control-allow-origin'], undefined);
  const preflight = await serverOver({}).inject({ method: 'OPTIONS', url, headers });
  assert.equal(preflight.statusCode, 204);
  assert.equal(preflight.headers['access-control-allow-methods'], 'GET, POST, OPTIONS');
});

test('health is for people and for probes', async () => {
  const server = serverOver({});
  assert.equal((await server.inject('/-/healthy')).body, 'promweave is healthy.\n');
  assert.equal((await server.inject('/-/ready')).statusCode, 200);
  assert.equal((await server.inject({ method: 'HEAD', url: '/-/ready' })).statusCode, 200);
  const stage = { ...ALWAYS_READY, obstacle: () => 'it waits for a' };
  const starting = await serverOver({}, { stage }).inject('/-/ready');
  assert.deepEqual([starting.statusCode, starting.body], [503, 'promweave is not ready: it waits for a.\n']);
  const empty = { ...ALWAYS_READY, trouble: () => 'it has no endpoints' };
  const idle = await serverOver({}, { stage: empty }).inject('/-/ready');
  assert.deepEqual([idle.statusCode, idle.body], [200, 'promweave is ready, but it has no endpoints.\n']);
  assert.match(
    (await server.inject('/')).body,
    /^abc: many Prometheus servers as one, with the API of Prometheus 1\.2\.3\./,
  );
});

test('status routes tell version, start and flags', async () => {
  const server = serverOver({});
  const data = async (path: string): Promise<Record<string, unknown>> =>
    (await server.inject(`/api/v1/status/${path}`)).json<{ data: Record<string, unknown> }>().data;
  assert.equal((await data('buildinfo'))['version'], '1.2.3');
  const runtime = await data('runtimeinfo');
  assert.equal(runtime['startTime'], '2026-11-23T00:09:21.907Z');
  assert.deepEqual([runtime['reloadConfigSuccess'], runtime['configGeneration']], [false, 3]);
  assert.deepEqual(await data('flags'), { 'query.timeout': '2m' });
});

test('requests are counted by route and status, whatever paths clients make up', async () => {
  const server = serverOver({});
  await server.inject('/api/v1/query?query=1&time=x');
  await server.inject('/made/up');
  await server.inject('/api/v1/label/%C3%28/values');
  const { body, headers } = await server.inject('/metrics');
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
  assert.match(body, /duration_seconds_count\{handler="\/api\/v1\/query",code="400"\} 1/);
  assert.match(body, /duration_seconds_count\{handler="other",code="404"\} 1/);
  assert.doesNotMatch(body, /made/);
  assert.match(body, /promweave_http_requests_in_flight 1\n/);
});
