import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { listening } from './support.ts';

const PATHS = [
  '/api/v1/query',
  '/api/v1/query_range',
  '/api/v1/explain',
  '/api/v1/series',
  '/api/v1/labels',
  '/api/v1/label/job/values',
  '/api/v1/search/metric_names',
  '/api/v1/search/label_names',
  '/api/v1/search/label_values',
  '/api/v1/format_query',
  '/api/v1/parse_query',
  '/api/v1/rules',
  '/api/v1/alerts',
  '/api/v1/targets',
  '/api/v1/targets/metadata',
  '/api/v1/scrape_pools',
  '/api/v1/metadata',
  '/api/v1/query_exemplars',
  '/api/v1/stores',
  '/api/v1/status/buildinfo',
  '/api/v1/status/runtimeinfo',
  '/api/v1/status/flags',
  '/api/v1/status/tsdb',
  '/-/healthy',
  '/-/ready',
  '/metrics',
];

interface Answer {
  readonly status: number | undefined;
  readonly allow: string | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/** Sends a path as it stands, which `inject` would clean. */
async function ask(port: number, path: string, form?: string): Promise<Answer> {
  const method = form === undefined ? 'GET' : 'POST';
  const headers = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const [response] = (await once(
    request({ host: '127.0.0.1', port, path, method, headers }).end(form),
    'response',
  )) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  const { allow, location } = response.headers;
  return { status: response.statusCode, allow, location, body };
}

test('doubled slashes are as good as single ones, on every route, by GET and by POST', async (t) => {
  const port = await listening(t, {});
  for (const path of PATHS)
    // Bad values, so that routes answer without a gateway.
    for (const form of [undefined, 'query=%zz']) {
      const clean = await ask(port, `${path}?query=%zz`, form);
      assert.notEqual(clean.status, 404, path);
      for (const doubled of [`/${path}`, `//${path}`, path.replaceAll('/', '//')]) {
        const answer = await ask(port, `${doubled}?query=%zz`, form);
        assert.deepEqual([answer.status, answer.allow], [clean.status, clean.allow], doubled);
      }
    }
});

test('the form and the query string behind doubled slashes are read as they are', async (t) => {
  const port = await listening(t, {
    formatQuery: (text) => text,
    labelNames: async (_, { selectors }) => ({ items: selectors, annotations: [] }),
  });
  const data = async (path: string, form?: string): Promise<unknown> =>
    (JSON.parse((await ask(port, path, form)).body) as { data: unknown }).data;
  assert.equal(await data('//api/v1/format_query?query=a//b'), 'a//b');
  assert.equal(await data('/api/v1//format_query', 'query=a//./b'), 'a//./b');
  assert.deepEqual(await data('//api//v1/labels?match[]={a="//"}', 'match[]=b'), ['b', '{a="//"}']);
});

test('slashes that belong to the name of a label stay', async (t) => {
  const port = await listening(t, {
    labelValues: async (_, label) => ({ items: [label], annotations: [] }),
  });
  for (const [path, name] of [
    ['/api/v1/label/U__a_2f_b/values', 'a/b'],
    ['//api/v1/label/U__a_2f__2f_b/values', 'a//b'],
    ['//api/v1/label/a%2Fb/values', 'a/b'],
    ['/api/v1//label/a%2f%2Fb//values', 'a//b'],
    ['/api/v1/label/%2e%2e/values', '..'],
    ['/api/v1/label/a%2F..%2Fb/values', 'a/../b'],
  ] as const) {
    const { status, body } = await ask(port, path);
    assert.equal(status, 200, path);
    assert.deepEqual(JSON.parse(body), { status: 'success', data: [name] }, path);
  }
});

test('a name of a label that is no UTF-8 is refused behind doubled slashes, too', async (t) => {
  const { status, body } = await ask(await listening(t, {}), '//api/v1//label/%C3%28/values');
  assert.equal(status, 400);
  assert.match(body, /invalid label name/);
});

test('dots between slashes are not resolved but redirected, so that proxies in front see the path', async (t) => {
  const port = await listening(t, {});
  for (const [path, location] of [
    ['/api/v1/../v1/query?query=a/../b', '/api/v1/query?query=a/../b'],
    ['/./api/v1/query', '/api/v1/query'],
    ['/api/./v1/query/.', '/api/v1/query'],
    ['/../../api/v1/query', '/api/v1/query'],
    ['//..//api/v1/./labels/', '/api/v1/labels/'],
    ['/..', '/'],
    ['//evil.example/..//evil.example/./x', '/evil.example/x'],
  ] as const)
    for (const form of [undefined, 'query=1']) {
      const answer = await ask(port, path, form);
      assert.deepEqual([answer.status, answer.location], [308, location], path);
    }
});

test('paths that only look like that are unknown', async (t) => {
  const port = await listening(t, {});
  for (const path of [
    '/api/v1/query/',
    '/api/v1/query//',
    '/api/v1/label//values',
    '/api/v1/...',
    '/api/v1/%2e%2e/v1/query',
    '/%2Fapi/v1/query',
    '/api%2Fv1/query',
    '/nope?a=/../',
  ]) {
    const { status, location } = await ask(port, path);
    assert.deepEqual([status, location], [404, undefined], path);
  }
});
