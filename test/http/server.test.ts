import assert from 'node:assert/strict';
import { allowedOrigins } from '../../src/http/cors.ts';
import { ALWAYS_READY } from '../../src/http/stage.ts';
import { test } from 'node:test';
import { NOW, answering, serverOver } from './support.ts';

test('unknown paths and wrong methods are refused as Prometheus does', async () => {
  const server = serverOver({});
  const unknown = await server.inject('/api/v1/nope');
  assert.equal(unknown.statusCode, 404);
  assert.equal(unknown.headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(unknown.body, '404 page not found\n');
  for (const method of ['DELETE', 'PATCH', 'PUT'] as const) {
    const wrong = await server.inject({ method, url: '/api/v1/query' });
    assert.equal(wrong.statusCode, 405);
    assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS, POST');
    assert.equal(wrong.headers['content-type'], 'text/plain; charset=utf-8');
  }
  assert.equal(
    (await server.inject({ method: 'DELETE', url: '/api/v1/query' })).body,
    'Method Not Allowed\n',
  );
});

test('pages of any origin may read answers of the API unless that is disabled', async () => {
  const url = '/api/v1/query?query=1';
  const headers = { origin: 'http://page' };
  const value = { kind: 'scalar', t: NOW, v: 1 } as const;
  const server = serverOver(answering(value));
  const open = await server.inject({ url, headers });
  assert.equal(open.headers['access-control-allow-origin'], '*');
  assert.equal(open.headers.vary, 'Origin, Accept-Encoding');
  assert.equal(open.headers['access-control-expose-headers'], 'Date, x-promweave-warnings');
  const metrics = await server.inject({ url: '/metrics', headers });
  assert.equal(metrics.headers['access-control-allow-origin'], undefined);
  const closed = await serverOver(answering(value), { cors: () => undefined }).inject({ url, headers });
  assert.equal(closed.headers['access-control-allow-origin'], undefined);
  const preflight = await serverOver({}).inject({ method: 'OPTIONS', url, headers });
  assert.equal(preflight.statusCode, 204);
  assert.equal(preflight.headers['access-control-allow-methods'], 'GET, POST, OPTIONS');
});

test('a pattern of origins is that of whole ones', async () => {
  const cors = () => allowedOrigins(String.raw`https?://(a|b)\.example`);
  const server = serverOver({}, { cors });
  const allowed = async (origin: string): Promise<unknown> =>
    (await server.inject({ url: '/api/v1/status/flags', headers: { origin } })).headers[
      'access-control-allow-origin'
    ];
  assert.equal(await allowed('https://b.example'), 'https://b.example');
  for (const origin of ['https://b.example.evil', 'https://axexample', 'null', 'xhttps://a.example'])
    assert.equal(await allowed(origin), undefined, origin);
});

test('HEAD is answered as GET, without a body', async () => {
  const value = { kind: 'scalar', t: NOW, v: 1 } as const;
  const server = serverOver(answering(value));
  for (const url of ['/api/v1/query?query=1', '/api/v1/status/flags', '/metrics', '/', '/api/v1/query']) {
    const [get, head] = [await server.inject(url), await server.inject({ method: 'HEAD', url })];
    assert.deepEqual([head.statusCode, head.body], [get.statusCode, ''], url);
    assert.equal(head.headers['content-type'], get.headers['content-type'], url);
    if (url !== '/metrics') assert.equal(head.headers['content-length'], get.headers['content-length'], url);
  }
  assert.equal((await server.inject({ method: 'HEAD', url: '/-/reload' })).statusCode, 405);
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
  assert.ok(Number(runtime['residentMemoryBytes']) > 1e6);
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
