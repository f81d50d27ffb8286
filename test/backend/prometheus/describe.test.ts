import assert from 'node:assert/strict';
import { test } from 'node:test';

import { basicAuthorization } from '../../../src/backend/connection-options.ts';
import { parseExternalLabels } from '../../../src/backend/prometheus/external-labels.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';
import { startFakePrometheus, streamed } from '../../support/fake-prometheus.ts';
import { sendJson, sendText } from '../../support/fake-server.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import { NEVER, backendAt, failureOf, valueOf } from './support.ts';

test('external labels and version come from the server', async (t) => {
  const server = await startFakePrometheus({ '/api/v1/read': streamed() }, '    cluster: eu\n    shard: "0"');
  t.after(() => server.close());
  const description = valueOf(await backendAt(t, server.url).describe(NEVER));
  assert.deepEqual(description.externalLabels, labelsFromRecord({ cluster: 'eu', shard: '0' }));
  assert.equal(description.version, '2.99.0');
  assert.equal(description.maxTime, Infinity);
});

test('configured external labels are not asked for', async (t) => {
  const server = await startFakePrometheus({ '/api/v1/read': streamed() }, '    cluster: eu');
  t.after(() => server.close());
  const externalLabels = labelsFromRecord({ cluster: 'us' });
  const description = valueOf(await backendAt(t, server.url, { externalLabels }).describe(NEVER));
  assert.deepEqual(description.externalLabels, externalLabels);
  assert.ok(!server.requests.some(({ path }) => path === '/api/v1/status/config'));
});

test('a server that hides its configuration has to be configured', async (t) => {
  const server = await startFakePrometheus({
    '/api/v1/status/config': (_, response) => sendText(response, 403, 'text/plain', 'forbidden'),
  });
  t.after(() => server.close());
  assert.match(
    failureOf(await backendAt(t, server.url).describe(NEVER)).reason,
    /set external_labels for this/,
  );
});

test('a server without the configuration call has no external labels', async (t) => {
  const server = await startFakePrometheus({
    '/api/v1/read': streamed(),
    '/api/v1/status/config': (_, response) => sendText(response, 404, 'text/plain', 'unsupported path'),
  });
  t.after(() => server.close());
  assert.deepEqual(valueOf(await backendAt(t, server.url).describe(NEVER)).externalLabels, EMPTY_LABELS);
});

test('a server that answers 400 to the configuration call, as to any it does not know, has no external labels', async (t) => {
  const unsupported: FakeHandler = (_, response) =>
    sendText(response, 400, 'text/plain', 'unsupported path requested');
  const server = await startFakePrometheus({
    '/api/v1/status/config': unsupported,
    '/api/v1/read': unsupported,
    '/api/v1/query': (_, response) =>
      sendJson(response, { status: 'success', data: { resultType: 'scalar', result: [0, '1'] } }),
  });
  t.after(() => server.close());
  const described = valueOf(await backendAt(t, server.url).describe(NEVER));
  assert.deepEqual(described.externalLabels, EMPTY_LABELS);
  assert.equal(described.protocol, 'query');
});

for (const [what, handler, problem] of [
  [
    'a page',
    (_, response) => sendText(response, 200, 'text/html', '<html>log in</html>'),
    /with text\/html .*; or set external_labels for this endpoint/,
  ],
  [
    'a redirect',
    (_, response) => void response.writeHead(302, { location: '/login' }).end(),
    /redirects elsewhere.*; or set external_labels for this endpoint/,
  ],
] as const satisfies readonly (readonly [string, FakeHandler, RegExp])[])
  test(`${what} instead of the configuration may hide labels, so it is a failure`, async (t) => {
    const server = await startFakePrometheus({
      '/api/v1/read': streamed(),
      '/api/v1/status/config': handler,
      '/api/v1/query': (_, response) =>
        sendJson(response, { status: 'success', data: { resultType: 'scalar', result: [0, '1'] } }),
    });
    t.after(() => server.close());
    const { reason, detail } = failureOf(await backendAt(t, server.url).describe(NEVER));
    assert.match(reason, problem);
    assert.match(detail!, /log ?in/);
  });

test('headers and credentials go with each request, under the route prefix', async (t) => {
  const server = await startFakePrometheus({});
  t.after(() => server.close());
  const backend = backendAt(t, `${server.url}/prom/`, {
    authorization: () => basicAuthorization('ann', 'b:c'),
    headers: { 'x-scope-orgid': 'one' },
  });
  await backend.describe(NEVER);
  const { path, headers } = server.requests[0]!;
  assert.equal(path, '/prom/api/v1/status/config');
  assert.equal(headers['authorization'], `Basic ${Buffer.from('ann:b:c').toString('base64')}`);
  assert.equal(headers['x-scope-orgid'], 'one');
});

for (const [name, yaml, expected] of [
  [
    'scalars stay text',
    'global:\n  external_labels:\n    a: 007\n    b: "true"\n    c: 1e3\n',
    { a: '007', b: 'true', c: '1e3' },
  ],
  ['none', 'global:\n  scrape_interval: 1m\nrule_files: []\n', {}],
  ['empty mapping', 'global:\n  external_labels: {}\n', {}],
  ['no global section', 'scrape_configs: []\n', {}],
  [
    'quoting and escapes',
    'global:\n  external_labels:\n    "od d": "q\\"\\u00e9"\n    x: \'it\'\'s\'\n',
    { 'od d': 'q"é', x: "it's" },
  ],
  [
    'other sections are not read',
    'runtime:\n  gogc: 75\nglobal:\n  external_labels:\n    a: b\nscrape_configs:\n- {{broken\n',
    { a: 'b' },
  ],
] as const)
  test(`external labels of a configuration: ${name}`, () => {
    assert.deepEqual(parseExternalLabels(yaml), labelsFromRecord(expected));
  });

test('a configuration that is no YAML is named as such', () => {
  assert.throws(
    () => parseExternalLabels('global:\n  a: "unclosed\n'),
    /could not be read for external labels/,
  );
});

test('a section of a configuration that takes long to parse is not parsed', () => {
  const yaml = `global:\n${'  external_labels: {a: [{}]}\n'.repeat(100_000)}`;
  assert.throws(() => parseExternalLabels(yaml), {
    kind: 'bad_data',
    message: /could not be read for external labels; set external_labels for this endpoint/,
    detail: /section global has \d+ characters/,
  });
});
