import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { PAGE_PATHS } from '../../../src/http/routes/page/routes.ts';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import { encodeReadRequest } from '../../../src/wire/remote-read/request.ts';
import { NOW, secretOf, SERVERS, TENANTS, tenantedOptions } from './support.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'DELETE'];

/** What a route is: for whom it is, and how it is asked so that it answers with data. */
interface Classified {
  readonly access: 'open' | 'tenant' | 'operator';
  readonly ask?: Readonly<Record<string, string>>;
  readonly body?: () => Buffer;
  /** Answers with nothing but what it was asked. */
  readonly tellsNothing?: true;
}

const SECONDS = String(NOW / 1000);
const RANGE = { start: String(NOW / 1000 - 600), end: SECONDS };
const EVERYTHING = { query: '{__name__=~".+"}' };
const ALL = { 'match[]': '{__name__=~".+"}' };
const OPEN: Classified = { access: 'open' };
const OPERATOR: Classified = { access: 'operator' };
const TENANT: Classified = { access: 'tenant' };

/** Every route of the server. A new one has to be put here: does it tell a tenant of its own alone? */
const ROUTES: Readonly<Record<string, Classified>> = {
  '/': OPEN,
  '*': OPEN,
  ...Object.fromEntries(PAGE_PATHS.map((path) => [path, OPEN])),
  '/assets/:name': OPEN,
  '/-/healthy': OPEN,
  '/-/quit': OPERATOR,
  '/-/ready': OPEN,
  '/-/reload': OPERATOR,
  '/api/v1/admin/*': OPEN,
  '/api/v1/*': OPEN,
  '/api/v1/alertmanagers': OPERATOR,
  '/api/v1/alerts': TENANT,
  '/api/v1/explain': { access: 'operator', ask: { query: '{__name__=~".+"}', time: SECONDS } },
  '/api/v1/export': { access: 'tenant', ask: { ...ALL, ...RANGE } },
  '/api/v1/features': OPEN,
  '/api/v1/format_query': { access: 'open', ask: { query: 'up' } },
  '/api/v1/label/:name/values': TENANT,
  '/api/v1/labels': TENANT,
  '/api/v1/metadata': TENANT,
  '/api/v1/notifications': OPERATOR,
  '/api/v1/notifications/live': OPERATOR,
  '/api/v1/openapi.yaml': OPEN,
  '/api/v1/otlp/v1/metrics': OPEN,
  '/api/v1/parse_query': { access: 'open', ask: { query: 'up' } },
  '/api/v1/query': { access: 'tenant', ask: { ...EVERYTHING, time: SECONDS, stats: 'all', analyze: '1' } },
  '/api/v1/query_exemplars': { access: 'tenant', ask: { query: '{__name__=~".+"}', ...RANGE } },
  '/api/v1/query_explain': { access: 'tenant', ask: { ...EVERYTHING, time: SECONDS }, tellsNothing: true },
  '/api/v1/query_range': { access: 'tenant', ask: { ...EVERYTHING, ...RANGE, step: '30', analyze: '1' } },
  '/api/v1/query_range_explain': {
    access: 'tenant',
    ask: { ...EVERYTHING, ...RANGE, step: '30' },
    tellsNothing: true,
  },
  '/api/v1/read': { access: 'tenant', body: readRequest },
  '/api/v1/rules': TENANT,
  '/api/v1/scrape_pools': TENANT,
  '/api/v1/search/label_names': { access: 'tenant', ask: { 'search[]': 'secret' } },
  '/api/v1/search/label_values': { access: 'tenant', ask: { label: '__name__', 'search[]': 'secret' } },
  '/api/v1/search/metric_names': {
    access: 'tenant',
    ask: { 'search[]': 'secret', include_metadata: 'true', include_score: 'true' },
  },
  '/api/v1/series': { access: 'tenant', ask: ALL },
  '/api/v1/status/active_queries': OPERATOR,
  '/api/v1/status/active_queries/:id': OPERATOR,
  '/api/v1/status/buildinfo': OPEN,
  '/api/v1/status/config': OPERATOR,
  '/api/v1/status/coverage': OPERATOR,
  '/api/v1/status/flags': OPERATOR,
  '/api/v1/status/runtimeinfo': OPERATOR,
  '/api/v1/status/top_queries': OPERATOR,
  '/api/v1/status/tsdb': OPERATOR,
  '/api/v1/stores': OPERATOR,
  '/api/v1/targets': TENANT,
  '/api/v1/targets/metadata': TENANT,
  '/api/v1/write': OPEN,
  '/federate': { access: 'tenant', ask: ALL },
  '/metrics': OPERATOR,
};

function readRequest(): Buffer {
  const matchers = [{ kind: '=~', name: '__name__', value: '.+' } as const];
  return encodeReadRequest({ queries: [{ matchers, minTime: NOW - 600_000, maxTime: NOW }], accepted: [1] });
}

/** The paths of a server, as it tells them itself: a tree, in which each line goes on with the path of the line that it is below. */
function pathsOf(server: FastifyInstance): readonly string[] {
  const above: string[] = [];
  const paths: string[] = [];
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const found = /^(?<tree>[│├└─ ]*)(?<part>\S+) \(/.exec(line)?.groups;
    if (found === undefined) continue;
    const depth = found['tree']!.length / 4;
    const path = `${above[depth - 1] ?? ''}${found['part']!}`;
    above[depth] = path;
    paths.push(path === '/*' ? '*' : path);
  }
  return [...new Set(paths)];
}

type Headers = Readonly<Record<string, string>>;

function send(
  server: FastifyInstance,
  method: Method,
  path: string,
  headers: Headers,
  more: Headers = {},
): Promise<LightMyRequestResponse> {
  const { ask = {}, body } = ROUTES[path]!;
  const url = path.replace(':name', '__name__').replace(':id', 'x').replace('*', 'x');
  const form = new URLSearchParams({ ...ask, ...more }).toString();
  if (body !== undefined && method === 'POST')
    return server.inject({
      method,
      url: `${url}?partial_response=1`,
      headers: { ...headers, 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
      payload: body(),
    });
  return method === 'POST' && Object.keys(ask).length > 0
    ? server.inject({
        method,
        url,
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: form,
      })
    : server.inject({ method, url: `${url}?${form}`, headers });
}

/** All that a client sees of an answer. */
function seen({ headers, rawPayload }: LightMyRequestResponse): string {
  return JSON.stringify(headers) + rawPayload.toString('latin1');
}

for (const how of SERVERS)
  describe(`over servers that ${how}, over HTTP`, () => {
    const server = createPromqlServer(tenantedOptions(how));
    const ready = (async () => server.ready())();

    /** Each path with the methods that it answers. */
    const served = ready.then(async () => {
      const routes: (readonly [path: string, method: Method])[] = [];
      for (const path of pathsOf(server))
        for (const method of METHODS) {
          const answer = await send(server, method, path, { 'thanos-tenant': 'ops' });
          if (answer.statusCode !== 405 && !(answer.statusCode === 404 && path.includes('*')))
            routes.push([path, method]);
        }
      return routes;
    });

    it('every route is classified', async () => {
      await ready;
      const paths = pathsOf(server);
      assert.ok(paths.length > 40, `saw only ${paths.length} routes`);
      assert.deepEqual(
        paths.filter((path) => ROUTES[path] === undefined),
        [],
        'routes of which nobody has said whom they are for',
      );
    });

    it('a tenant is told of its own, and of nothing else', async () => {
      let told = 0;
      for (const [path, method] of await served) {
        if (ROUTES[path]!.access !== 'tenant') continue;
        for (const tenant of ['a', 'b', 'a|b', 'configured']) {
          const answer = await send(server, method, path, { 'thanos-tenant': tenant });
          const where = `${method} ${path} for ${tenant}`;
          assert.equal(answer.statusCode, 200, `${where}: ${answer.body}`);
          const own = tenant === 'configured' ? ['a'] : tenant.split('|');
          assert.equal(answer.headers['cache-control'], 'private, no-cache', where);
          const text = seen(answer);
          for (const each of TENANTS)
            if (own.includes(each) && ROUTES[path]!.tellsNothing !== true)
              assert.ok(text.includes(secretOf(each)), `${where} lacks what is of ${each}`);
            else assert.ok(!text.includes(secretOf(each)), `${where} tells of ${each}: ${text}`);
          told++;
        }
      }
      assert.ok(told > 80, `saw only ${told} answers`);
    });

    it('a warning says that something may be missing, and not where', async () => {
      const answer = await send(server, 'GET', '/api/v1/query', { 'thanos-tenant': 'a' });
      const { warnings } = JSON.parse(answer.body) as { readonly warnings: readonly string[] };
      assert.deepEqual(warnings, [
        'a part of your data may be missing: a server that may hold some of them did not answer in full',
      ]);
      const refused = await send(
        server,
        'GET',
        '/api/v1/query',
        { 'thanos-tenant': 'a' },
        { partial_response: '0' },
      );
      assert.equal(refused.statusCode, 503);
      assert.match(refused.body, /a part of your data may be missing/);
      assert.doesNotMatch(seen(refused), /secret/);
    });

    it('what tells of all is for administrators', async () => {
      let refused = 0;
      for (const [path, method] of await served) {
        const { access } = ROUTES[path]!;
        if (access === 'open') continue;
        for (const tenant of ['a', 'b', 'a|b', 'configured']) {
          if (access !== 'operator') continue;
          const answer = await send(server, method, path, { 'thanos-tenant': tenant });
          assert.equal(answer.statusCode, 403, `${method} ${path} for ${tenant}`);
          assert.doesNotMatch(seen(answer), /secret/);
          refused++;
        }
        const answer = await send(server, method, path, { 'thanos-tenant': 'ops' });
        assert.notEqual(answer.statusCode, 401, `${method} ${path} for ops`);
        if (access === 'tenant' && ROUTES[path]!.tellsNothing !== true)
          for (const each of TENANTS)
            assert.ok(seen(answer).includes(secretOf(each)), `${method} ${path} for ops`);
      }
      assert.ok(refused > 40, `saw only ${refused} answers`);
    });

    it('one without a tenant, with a malformed or an unknown one is refused', async () => {
      const cases: readonly (readonly [Headers, number])[] = [
        [{}, 401],
        [{ 'thanos-tenant': '' }, 401],
        [{ 'thanos-tenant': 'a b' }, 400],
        [{ 'thanos-tenant': 'a, b' }, 400],
        [{ 'thanos-tenant': '.*"' }, 400],
        [{ 'thanos-tenant': 'a|' }, 400],
        [{ 'thanos-tenant': 'a|ops' }, 403],
        [{ 'thanos-tenant': 'a|configured' }, 400],
        [{ 'thanos-tenant': 'c' }, 403],
      ];
      for (const [path, method] of await served) {
        if (ROUTES[path]!.access === 'open') continue;
        for (const [headers, status] of cases) {
          const answer = await send(server, method, path, headers);
          assert.equal(
            answer.statusCode,
            status,
            `${method} ${path} with ${JSON.stringify(headers)}: ${answer.body}`,
          );
          assert.doesNotMatch(seen(answer), /secret/);
        }
      }
    });

    it('what is open to everybody tells of nobody', async () => {
      let told = 0;
      for (const [path, method] of await served) {
        if (ROUTES[path]!.access !== 'open') continue;
        for (const headers of [{}, { 'thanos-tenant': 'a' }] as readonly Headers[]) {
          const answer = await send(server, method, path, headers);
          assert.doesNotMatch(seen(answer), /secret[abc]/, `${method} ${path}`);
          told++;
        }
      }
      assert.ok(told > 15, `saw only ${told} answers`);
    });

    it('a tenant cannot choose servers, and its own matchers do not widen what it sees', async () => {
      const chosen = await send(
        server,
        'GET',
        '/api/v1/query',
        { 'thanos-tenant': 'a' },
        { 'storeMatch[]': '{shard="x"}' },
      );
      assert.equal(chosen.statusCode, 403);
      for (const query of [
        '{tenant_id="b"}',
        '{tenant_id=~".+"} or {__name__=~".+", tenant_id!="a"}',
        'absent({tenant_id="b"}) or {__name__=~".+", tenant_id=~"b|c"}',
        'max_over_time({tenant_id=~".+"}[5m:30s] @ end())',
        'group by (tenant_id) ({__name__=~".+"} offset 10s)',
        'count_values("x", {__name__!="", tenant_id!="a"})',
        'info({__name__=~".+"}, {tenant_id=~"b|c"})',
      ]) {
        const answer = await send(server, 'GET', '/api/v1/query', { 'thanos-tenant': 'a' }, { query });
        assert.equal(answer.statusCode, 200, answer.body);
        const { result } = (
          JSON.parse(answer.body) as { readonly data: { readonly result: readonly unknown[] } }
        ).data;
        assert.doesNotMatch(
          JSON.stringify(result).replaceAll(/"tenant_id":"b","?/g, ''),
          /secret[bc]/,
          query,
        );
      }
    });
  });
