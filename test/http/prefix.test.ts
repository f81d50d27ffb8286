import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, it } from 'node:test';
import { NO_PREFIX, prefixRemover, shownPrefix, shownUrl, type WebPrefix } from '../../src/http/prefix.ts';
import { answering, listening, NOW, serverOver } from './support.ts';

const UNDER: WebPrefix = { route: '/prom/a.b', shown: '/prom/a.b' };
const value = { kind: 'scalar', t: NOW, v: 1 } as const;

describe('a prefix', () => {
  it('is taken off the URL of a request', () => {
    const routeOf = prefixRemover(UNDER);
    for (const [url, route] of [
      ['/prom/a.b/api/v1/query?a=/prom/a.b', '/api/v1/query?a=/prom/a.b'],
      ['//prom//a.b//api/v1/query', '//api/v1/query'],
      ['/prom/a.b', '/'],
      ['/prom/a.b?x', '/?x'],
      ['/prom/a.b/', '/'],
      ['/-/healthy', '/-/healthy'],
      ['//metrics', '//metrics'],
    ] as const)
      assert.equal(routeOf(url), route, url);
    const outside = routeOf('/');
    for (const url of ['/api/v1/query', '/prom/a.bc/api', '/prom/axb/api', '/prom', '/-/reload', '/metricsx'])
      assert.equal(routeOf(url), outside, url);
    assert.equal(prefixRemover(NO_PREFIX)('/api//x?y'), '/api//x?y');
  });

  it('stands in front of all routes, and nothing is served without it but health and metrics', async () => {
    const server = serverOver(answering(value), { prefix: UNDER });
    const statusOf = async (url: string): Promise<number> => (await server.inject(url)).statusCode;
    for (const path of ['/api/v1/query?query=1', '/-/ready', '/metrics', '/', '', '//api/v1/query?query=1'])
      assert.equal(await statusOf(`/prom/a.b${path}`), 200, path);
    for (const path of ['/-/healthy', '/-/ready', '/metrics']) assert.equal(await statusOf(path), 200, path);
    for (const path of ['/api/v1/query?query=1', '/api/v1/label/%C3%28/values', '/%zz', '/-/outside'])
      assert.equal(await statusOf(path), 404, path);
    assert.equal(await statusOf('/prom/a.b/api/v1/label/%C3%28/values'), 400);
    assert.equal((await server.inject({ method: 'PUT', url: '/prom/a.b/api/v1/query' })).statusCode, 405);
  });

  it('is where / leads', async () => {
    const { statusCode, headers } = await serverOver({}, { prefix: UNDER }).inject('/?x');
    assert.deepEqual([statusCode, headers.location], [302, '/prom/a.b/']);
    assert.equal(
      (await serverOver({}, { prefix: UNDER }).inject({ method: 'POST', url: '/' })).statusCode,
      404,
    );
  });

  it('does not name the routes in metrics', async () => {
    const server = serverOver(answering(value), { prefix: UNDER });
    await server.inject('/prom/a.b/api/v1/query?query=1');
    const { body } = await server.inject('/metrics');
    assert.match(body, /duration_seconds_count\{handler="\/api\/v1\/query",code="200"\} 1/);
  });

  it('stands in redirects and on the page as clients see it', async (t) => {
    const prefix: WebPrefix = { route: '/in', shown: '/out', header: 'x-forwarded-prefix' };
    const server = serverOver({}, { prefix });
    const port = await listening(t, {}, { prefix });
    // `inject` would clean the path.
    const location = async (path: string, told?: string): Promise<unknown> => {
      const headers = told === undefined ? {} : { 'X-Forwarded-Prefix': told };
      const [response] = (await once(
        request({ host: '127.0.0.1', port, path, headers }).end(),
        'response',
      )) as [IncomingMessage];
      response.resume();
      return response.headers.location;
    };
    assert.equal(await location('/in/api/./v1/query?x=1'), '/out/api/v1/query?x=1');
    assert.equal(await location('/in/api/./v1/query', '/told/'), '/told/api/v1/query');
    assert.equal(await location('/in/../in/api/v1/query'), '/out/api/v1/query');
    assert.equal(await location('/in/../api/v1/query'), '/api/v1/query');
    assert.match((await server.inject('/in/')).body, / under \/out\/api\/v1\//);
  });
});

describe('what a proxy tells', () => {
  const told: WebPrefix = { route: '', shown: '/usual', header: 'p' };

  it('counts unless something else is fixed', () => {
    assert.equal(shownPrefix(told, { p: '/a/b/' }), '/a/b');
    assert.equal(shownPrefix(told, {}), '/usual');
    assert.equal(shownPrefix({ ...told, fixed: '/f' }, { p: '/a' }), '/f');
    assert.equal(shownUrl(told, { p: '/a' }, '/api/v1/query'), '/a/api/v1/query');
  });

  it('never leads to another server', () => {
    assert.equal(shownPrefix(told, { p: '//evil.example' }), '/evil.example');
    for (const p of [
      String.raw`/\evil.example`,
      'https://evil.example/?',
      '/a\tb',
      '/a?b',
      `/${'a'.repeat(1000)}`,
      ['/a', '/b'],
    ])
      assert.equal(shownPrefix(told, { p }), '/usual', String(p));
    assert.equal(shownPrefix(told, { p: 'https://evil.example' }), '/https:/evil.example');
  });
});
