import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pino } from 'pino';
import { READY_MS } from '../../src/app/readiness.ts';
import { type EndpointsWorld, startEndpoints, type RunningEndpoints } from '../../src/app/endpoints.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatLabels } from '../../src/model/format-labels.ts';
import { CERTIFICATES } from '../support/certificates.ts';
import { startFakePrometheus, streamed } from '../support/fake-prometheus.ts';
import { type FakeServer, sendJson, startFakeServer } from '../support/fake-server.ts';
import { KubernetesApi, sliceOf } from '../support/kubernetes-api.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { until } from '../support/until.ts';

/** Longer than all other delays, so that a test can tell the timer of a list. */
const INTERVAL_MS = 60_000;

interface World {
  readonly endpoints: RunningEndpoints;
  readonly timers: ManualTimers;
  readonly log: string[];
}

type Settings = Readonly<Record<string, unknown>>;

function configOf(discovery: Settings, tenancy: Settings = {}): Config {
  return loadConfig(undefined, [
    { path: ['discovery'], value: discovery, source: 'test' },
    { path: ['tenancy'], value: tenancy, source: 'test' },
  ]);
}

function worldOf(
  t: TestContext,
  discovery: Settings,
  more: EndpointsWorld = {},
  tenancy: Settings = {},
): World {
  const timers = new ManualTimers();
  const log: string[] = [];
  const logger = pino({}, { write: (line: string) => void log.push(line) });
  const running = startEndpoints(configOf(discovery, tenancy), logger, { timers, ...more });
  t.after(() => running.close());
  return { endpoints: running, timers, log };
}

function fileOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');
  writeFileSync(file, text);
  return file;
}

async function prometheus(t: TestContext): Promise<string> {
  const server = await startFakePrometheus({ '/api/v1/read': streamed() }, '    cluster: eu');
  t.after(() => server.close());
  return server.url;
}

/** A server of lists; what it answers is for the test to change. */
async function listing(t: TestContext, list: { now: unknown; status?: number }): Promise<FakeServer> {
  const server = await startFakeServer((_, response) => sendJson(response, list.now, list.status));
  t.after(() => server.close());
  return server;
}

const shown = ({ endpoints }: World): readonly string[] =>
  endpoints
    .topology()
    .endpoints.map(
      ({ address, externalLabels, health }) => `${address} ${formatLabels(externalLabels!)} ${health.kind}`,
    );

/** Lets a look over sockets come to its end. */
async function looked({ endpoints, timers }: World, server: FakeServer): Promise<void> {
  const before = server.requests.length;
  await timers.fire(INTERVAL_MS);
  while (
    server.requests.length === before ||
    !timers.delays().some((ms) => ms === INTERVAL_MS || (ms >= 750 && ms <= 1250))
  )
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(endpoints.status().sources.length, 1);
}

describe('a list that a server has', () => {
  it('is asked with its own credentials, and its endpoints with theirs', async (t) => {
    const address = await prometheus(t);
    const list = await listing(t, { now: [{ targets: [new URL(address).host] }] });
    const world = worldOf(t, {
      http: [
        {
          url: list.url,
          bearer_token: 'for-the-list',
          scheme: 'http',
          endpoint: { headers: { 'X-A': 'b' } },
        },
      ],
    });
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [`${address} {cluster="eu"} up`]);
    assert.equal(list.requests[0]!.headers.authorization, 'Bearer for-the-list');
    assert.equal(list.requests[0]!.headers['x-a'], undefined);
  });

  it('makes an endpoint of each tenant, where its servers have tenants', async (t) => {
    const address = await prometheus(t);
    const list = await listing(t, { now: [{ targets: [address], labels: { dc: 'eu', team: 'c' } }] });
    const tenants = { header: 'X-Scope-OrgID', values: { a: '1', b: '2', c: '' } };
    const found = { url: list.url, labels_as_external: true, endpoint: { tenants } };
    const world = worldOf(t, { http: [found] }, {}, { enforce: true, label: 'team' });
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [
      `${address} {dc="eu", team="a"} up`,
      `${address} {dc="eu", team="b"} up`,
    ]);
  });

  it('stays what it was while the server fails, which the status and the log say', async (t) => {
    const address = await prometheus(t);
    const answer: { now: unknown; status: number } = { now: [{ targets: [address] }], status: 200 };
    const server = await listing(t, answer);
    const world = worldOf(t, { http: [{ url: `${server.url}/sd?key=S3CRET` }] });
    await world.endpoints.ready();
    answer.status = 500;
    await looked(world, server);
    assert.deepEqual(shown(world), [`${address} {cluster="eu"} up`]);
    const [source] = world.endpoints.status().sources;
    assert.equal(source!.name, `${server.url}/sd?…`);
    assert.match(source!.problem!, /it answered with status 500/);
    assert.ok(world.log.some((line) => line.includes('status 500')));
    assert.ok(!world.log.join('').includes('S3CRET'));
  });

  it('is looked at anew where a reload completes its addresses in another way', async (t) => {
    const server = await listing(t, { now: [{ targets: ['127.0.0.1:1'] }] });
    const world = worldOf(t, { http: [{ url: server.url, scheme: 'http' }] });
    await world.endpoints.ready();
    await world.endpoints.apply(
      configOf({ http: [{ url: server.url, scheme: 'http', path_prefix: '/x' }] }),
      () => undefined,
    );
    await world.timers.fire(2000);
    assert.deepEqual(
      world.endpoints.topology().endpoints.map(({ address }) => address),
      ['http://127.0.0.1:1/x'],
    );
  });

  it('holds a start up where its endpoints are strict', async (t) => {
    const server = await listing(t, { now: [] });
    const world = worldOf(t, { http: [{ url: server.url, endpoint: { strict: true } }] });
    await world.timers.fire(2000);
    await world.timers.fire(READY_MS);
    assert.match(String(world.endpoints.obstacle()), /^it waits for the strict endpoint http:/);
    const impatient = worldOf(
      t,
      { http: [{ url: server.url, endpoint: { strict: true } }] },
      { waitsForStrict: false },
    );
    await impatient.timers.fire(2000);
    await impatient.timers.fire(READY_MS);
    await impatient.endpoints.ready();
  });
});

describe('endpoint slices of Kubernetes', () => {
  it('lead to endpoints; the token is read again', async (t) => {
    const address = await prometheus(t);
    const { hostname, port } = new URL(address);
    const api = new KubernetesApi();
    const server = await api.start();
    t.after(() => api.close());
    api.put(sliceOf('a', [hostname], { ports: [{ name: 'web', port: Number(port) }] }));
    const token = fileOf(t, 'one\n');
    const world = worldOf(t, {
      kubernetes: [
        {
          api_server: server,
          bearer_token_file: token,
          tls: { ca_file: fileOf(t, CERTIFICATES.ca), server_name: 'store.example' },
          namespaces: ['mon'],
          label_selector: 'app=prom',
          port: 'web',
          scheme: 'http',
        },
      ],
    });
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [`${address} {cluster="eu"} up`]);
    assert.deepEqual(
      world.endpoints.status().sources.map(({ name, found }) => [name, found]),
      [[`endpointslices ${server}/mon app=prom web`, 1]],
    );
    writeFileSync(token, 'two\n');
    api.token = 'two';
    await world.timers.fire(0);
    await until('a watch is open', 10_000, async () => api.watches === 1);
  });
});

describe('labels of a list', () => {
  const labels = { cluster: 'us', __meta_rack: '1' };

  it('are external labels of its endpoints where that is configured', async (t) => {
    const address = await prometheus(t);
    const server = await listing(t, { now: [{ targets: [address], labels }] });
    const endpoint = { external_labels: { cluster: 'none', region: 'west' } };
    const world = worldOf(t, { http: [{ url: server.url, labels_as_external: true, endpoint }] });
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [`${address} {cluster="us", region="west"} up`]);
  });

  it('of a file are, too, and have no effect otherwise', async (t) => {
    const address = await prometheus(t);
    const path = fileOf(t, JSON.stringify([{ targets: [address], labels }]));
    const worlds = [
      worldOf(t, { files: [{ path, labels_as_external: true }] }),
      worldOf(t, { files: [path] }),
    ];
    for (const world of worlds) await world.endpoints.ready();
    assert.deepEqual(worlds.flatMap(shown), [`${address} {cluster="us"} up`, `${address} {cluster="eu"} up`]);
  });
});
