import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { HttpClient } from '../../../src/backend/prometheus/http-client.ts';
import type { AddressForm } from '../../../src/cluster/discovery/address-form.ts';
import type { FoundAddress } from '../../../src/cluster/discovery/address-source.ts';
import { MOST_LIST_BYTES } from '../../../src/cluster/discovery/endpoint-list.ts';
import { createHttpSource } from '../../../src/cluster/discovery/http-source.ts';
import { type FakeServer, sendJson, sendText, startFakeServer } from '../../support/fake-server.ts';
import { plainMaker } from './support.ts';

const NEVER = new AbortController().signal;
const AS_IT_IS: AddressForm = { scheme: undefined, pathPrefix: '' };

async function serverOf(t: TestContext, answer: (response: ServerResponse) => void): Promise<FakeServer> {
  const server = await startFakeServer((_, response) => answer(response));
  t.after(() => server.close());
  return server;
}

interface Found {
  readonly addresses: readonly FoundAddress[];
  readonly failure: string;
}

async function find(url: string, form = AS_IT_IS, signal = NEVER): Promise<Found> {
  const open = (): HttpClient =>
    new HttpClient({
      url: new URL(url).origin,
      connections: 1,
      connectTimeoutMs: 5000,
      maxResponseBytes: Infinity,
      headers: { 'x-team': 'a' },
    });
  const source = createHttpSource({ url, intervalMs: 30_000, form, open }, plainMaker);
  const found = await source.find(signal);
  if (!found.ok) return { addresses: [], failure: found.failure };
  assert.equal(found.value.validMs, 30_000);
  return { addresses: found.value.addresses, failure: '' };
}

test('the addresses of a list, each once, with its labels', async (t) => {
  const groups = [
    { targets: ['http://a:9090', 'b:10901'], labels: { dc: 'eu', __meta_x: 'y' } },
    { targets: ['c:1', 'c:1', 'dns+d:1'] },
    { targets: ['c:1'], labels: { dc: 'us' } },
  ];
  const server = await serverOf(t, (response) => sendJson(response, groups));
  assert.deepEqual((await find(`${server.url}/sd/list?role=a`)).addresses, [
    { address: 'http://a:9090', labels: { dc: 'eu' }, serverName: undefined },
    { address: 'b:10901', labels: { dc: 'eu' }, serverName: undefined },
    { address: 'c:1', serverName: undefined },
    { address: 'dns+d:1', serverName: undefined },
    { address: 'c:1', labels: { dc: 'us' }, serverName: undefined },
  ]);
  const [request] = server.requests;
  assert.deepEqual(
    [request!.method, request!.path, request!.parameters.get('role')],
    ['GET', '/sd/list', 'a'],
  );
  assert.equal(request!.headers['x-prometheus-refresh-interval-seconds'], '30');
  assert.equal(request!.headers['x-team'], 'a');
});

test('an address without a scheme is completed, and no other', async (t) => {
  const targets = ['a:9090', 'https://b:1/x', 'dns+c:1'];
  const server = await serverOf(t, (response) => sendJson(response, [{ targets }]));
  const { addresses } = await find(server.url, { scheme: 'http', pathPrefix: '/prom' });
  assert.deepEqual(
    addresses.map(({ address }) => address),
    ['http://a:9090/prom', 'https://b:1/x', 'dns+c:1'],
  );
});

test('what is no list is a failure that says what to do', async (t) => {
  const cases: readonly (readonly [answer: (response: ServerResponse) => void, problem: RegExp])[] = [
    [(response) => sendJson(response, []), /lists no endpoints$/],
    [(response) => sendJson(response, { targets: [] }), /it must send a list of targets$/],
    [(response) => sendJson(response, [{ targets: [1] }]), /must have targets, a list of addresses$/],
    [(response) => sendJson(response, [{ targets: ['dns+a'] }]), /dns\+a needs a port/],
    [(response) => sendText(response, 200, 'application/json', '[{'), /its answer is no JSON$/],
    [(response) => sendText(response, 200, 'text/html', '[]'), /is not of the type application\/json/],
    [(response) => sendJson(response, [], 403), /it answered with status 403; check its log and the cred/],
    [
      (response) => response.writeHead(302, { location: 'http://me:secret@x' }).end(),
      /it redirects \(status 302\), which is not followed/,
    ],
    [
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).destroy(),
      /the connection (?:was closed|broke)/,
    ],
  ];
  for (const [answer, problem] of cases) {
    const server = await serverOf(t, answer);
    const { failure } = await find(`${server.url}/?token=S3CRET`);
    assert.match(failure, problem);
    assert.match(failure, /^(?:cannot read endpoints from )?http:\/\/127\.0\.0\.1:\d+\/\?…/);
    assert.ok(!failure.includes('S3CRET') && !failure.includes('secret'));
  }
});

test('a list without end is not read to its end', async (t) => {
  let sent = 0;
  const server = await serverOf(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      if (response.destroyed) return;
      sent += 65_536;
      response.write(' '.repeat(65_536), more);
    };
    more();
  });
  assert.match(
    (await find(server.url)).failure,
    /its list is larger than 4194304 bytes; list fewer endpoints$/,
  );
  assert.ok(sent < 4 * MOST_LIST_BYTES, `${sent} bytes were sent`);
});

test('a server that does not answer is given up with the look', async (t) => {
  const server = await serverOf(t, () => {});
  const look = new AbortController();
  const found = find(server.url, AS_IT_IS, look.signal);
  setImmediate(() => look.abort());
  assert.match((await found).failure, /the request was canceled$/);
});
