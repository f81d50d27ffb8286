import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { fastify, type FastifyInstance } from 'fastify';
import type { HttpOptions } from '../../src/http/context.ts';
import { NO_CONTROL } from '../../src/http/control.ts';
import { templateOf } from '../../src/http/openapi/document.ts';
import { NO_PREFIX } from '../../src/http/prefix.ts';
import { documentOf, OpenapiCheck, type OpenapiOperation, type OpenapiParameter } from './openapi-check.ts';
import { serverOver } from './support.ts';

const document = await documentOf(serverOver({}));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** What the modules under `routes` add to a server, apart from HEAD, which follows from GET. */
async function routesInFolder(): Promise<readonly string[]> {
  const server = fastify({ exposeHeadRoutes: false });
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push(`${one} ${templateOf(url)}`);
  });
  const options = {
    gateway: { watch: {} },
    info: {},
    control: NO_CONTROL,
    prefix: NO_PREFIX,
  } as unknown as HttpOptions;
  const files = globSync('src/http/routes/**/*.ts');
  for (const file of files) {
    const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    for (const [name, exported] of Object.entries(module))
      if (name.endsWith('Routes'))
        (exported as (server: FastifyInstance, options: HttpOptions) => void)(server, options);
  }
  return routes;
}

test('every route of the server is described, and nothing else', async () => {
  const routes = await routesInFolder();
  assert.ok(routes.length > 40, `saw only ${routes.length} routes`);
  assert.deepEqual(
    operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted(),
    routes.toSorted(),
  );
});

test('every parameter that is read is described', () => {
  const read = new Set<string>();
  for (const file of globSync('src/http/**/*.ts')) {
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(
      /(?:form\.(?:get|all)\(|\b(?:parse|read)[A-Z]\w*\(\s*form,\s*)'([^']+)'/g,
    ))
      read.add(name!);
  }
  assert.ok(read.size > 30, `saw only ${read.size} parameters`);
  const described = new Set(
    operations.flatMap(({ operation }) => parametersOf(operation).map(({ name }) => name)),
  );
  assert.deepEqual(
    [...read].filter((name) => !described.has(name)),
    [],
  );
  assert.deepEqual(
    [...described].filter((name) => !read.has(name) && !['name', 'id', 'rest', 'step'].includes(name)),
    [],
  );
});

test('parameters that are no texts are read by the routes that have them', async () => {
  const server = serverOver({});
  let checked = 0;
  for (const { path, method, operation } of operations) {
    if (method !== 'get' || !path.startsWith('/api/')) continue;
    const url = path.replaceAll(/\{\w+\}/g, 'x');
    for (const { name } of parametersOf(operation)) {
      if (!/^(?:start|end|time|step|timeout|lookback_delta|limit\w*|dedup|batch_size)$/.test(name)) continue;
      const { statusCode, body } = await server.inject(`${url}?${QUERY}&${name}=wrong`);
      assert.equal(statusCode, 400, `${url} does not read ${name}: ${body}`);
      checked++;
    }
  }
  assert.ok(checked > 60, `checked only ${checked} parameters`);
});

/** What routes want before they read anything else. */
const QUERY = 'query=a&match[]=a&label=a';

test('what a POST takes is what a GET takes', () => {
  const posts = operations.filter(({ method, operation }) => method === 'post' && operation.requestBody);
  assert.ok(posts.length > 8);
  for (const { path, operation } of posts) {
    const { schema } = operation.requestBody!.content['application/x-www-form-urlencoded']!;
    const { properties } = schema as { readonly properties: Readonly<Record<string, unknown>> };
    const got = parametersOf(document.paths[path]!['get']!).filter((each) => each.in === 'query');
    assert.deepEqual(Object.keys(properties).toSorted(), got.map(({ name }) => name).toSorted(), path);
  }
});

test('references lead somewhere, and operations have names of their own', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
  assert.ok(references.length > 100);
  const components = document.components as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  for (const [whole, kind, name] of references) assert.ok(components[kind!]?.[name!], whole);
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.deepEqual(ids, [...new Set(ids)]);
  for (const { path, operation } of operations)
    assert.deepEqual(
      parametersOf(operation).flatMap(({ name, in: where }) => (where === 'path' ? [name] : [])),
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      path,
    );
});

test('an answer that is not as described is found', () => {
  const check = new OpenapiCheck(document);
  const headers = { 'content-type': 'application/json' };
  const wrong = { statusCode: 200, headers, body: '{"status":"success","data":["a",1]}' };
  assert.throws(() => check.holds('GET', '/api/v1/labels', wrong), /data\/1 must be string/);
  assert.throws(
    () => check.holds('GET', '/api/v1/labels', { ...wrong, statusCode: 400 }),
    /must have required property/,
  );
  assert.equal(check.holds('GET', '/api/v1/nope', wrong), false);
});

test('the document is served as that of Prometheus, with the path that clients use', async () => {
  const prefix = { route: '/in', shown: '/out' };
  const server = serverOver({}, { prefix });
  const { headers } = await server.inject('/in/api/v1/openapi.yaml');
  assert.equal(headers['content-type'], 'application/yaml; charset=utf-8');
  assert.equal(headers['cache-control'], 'no-cache, no-store, must-revalidate');
  assert.deepEqual((await documentOf(server, '/in/api/v1/openapi.yaml')).servers, [{ url: '/out' }]);
  assert.deepEqual([document.openapi, document.servers], ['3.1.0', [{ url: '/' }]]);
});

function parametersOf({ parameters = [] }: OpenapiOperation): readonly OpenapiParameter[] {
  return parameters.map((each) =>
    each.$ref === undefined ? each : document.components.parameters[each.$ref.replace(/^.*\//, '')]!,
  );
}
