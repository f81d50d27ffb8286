import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test, type TestContext } from 'node:test';
import { Agent, request } from 'undici';
import { startGateway, type RunningGateway } from '../../src/app/start-gateway.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { failed, success, type Result } from '../../src/model/result.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { columnsSeries } from '../select/support.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { startMemoryPrometheus } from '../support/memory-prometheus.ts';
import { until } from '../support/until.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const RELOADS = 50;
const CLIENTS = 4;
/** Bytes of the heap that 40 reloads may leave behind: a tenth of what a client of an endpoint takes, for each. */
const NOISE = 1.5 * 1024 ** 2;

interface Endpoint {
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly external_labels?: Readonly<Record<string, string>>;
}

/** Two shards of two replicas; the first shard has the value 1, the second 10. */
async function startServers(t: TestContext): Promise<readonly FakeServer[]> {
  const now = Date.now();
  const times = Array.from({ length: 40 }, (_, i) => now + (i - 20) * 15_000);
  return Promise.all(
    ['0a', '0b', '1a', '1b'].map(async (name) => {
      const shard = name[0]!;
      const value = shard === '0' ? 1 : 10;
      const labels = { instance: `i${shard}`, job: 'j' };
      const server = await startMemoryPrometheus({ shard, __replica__: name[1]! }, [
        columnsSeries(
          { __name__: 'up', ...labels },
          times.map((time) => [time, 1]),
        ),
        columnsSeries(
          { __name__: 'm', ...labels },
          times.map((time) => [time, value]),
        ),
      ]);
      t.after(() => server.close());
      return server;
    }),
  );
}

function configOf(endpoints: readonly Endpoint[], query: Readonly<Record<string, unknown>> = {}): Config {
  const settings = {
    http: { address: '127.0.0.1:0', enable_lifecycle: true },
    grpc: { address: '127.0.0.1:0' },
    query: { timeout: '2s', endpoint_timeout: '2s', threads: 0, ...query },
    endpoints,
  };
  return loadConfig({ file: 'promweave.yml', text: JSON.stringify(settings) });
}

/** Configurations that change one thing each; what is answered stays the same. */
function variantsOf(servers: readonly FakeServer[]): readonly Result<Config, string>[] {
  const all = servers.map(({ url }) => ({ address: url }));
  const renamed = all.map((endpoint, i) => ({
    ...endpoint,
    external_labels: { renamed: i < 2 ? 'x' : 'y', __replica__: i % 2 === 0 ? 'a' : 'b' },
  }));
  const missing = { ...configOf(all), endpoints: [{ ...configOf(all).endpoints[0]!, address: 'dns+://' }] };
  return [
    success(configOf(all)),
    success(configOf(all, { endpoint_timeout: '3s' })),
    failed('promweave.yml:1: no YAML'),
    success(configOf(all.slice(1))),
    success(configOf(all.map((endpoint) => ({ ...endpoint, headers: { 'X-Scope-OrgID': 'eu' } })))),
    success(configOf(all, { replica_labels: ['__replica__', 'other'], max_concurrent: 3 })),
    success(configOf(renamed.toReversed())),
    success(missing),
  ];
}

/** Clients that ask without a pause, and what was not the one right answer. The returned function ends them. */
function startClients(
  url: string,
): () => Promise<{ readonly answered: number; readonly wrong: readonly string[] }> {
  const agent = new Agent({ connections: CLIENTS });
  const wrong: string[] = [];
  const state = { isOver: false, answered: 0 };
  const ask = async (): Promise<void> => {
    while (!state.isOver) {
      const { statusCode, body } = await request(`${url}/api/v1/query?query=sum(m)`, { dispatcher: agent });
      const text = await body.text();
      state.answered++;
      if (statusCode !== 200 || !/"value":\[[\d.]+,"11"\]\}\]\}\}$/.test(text)) wrong.push(text);
    }
  };
  const running = Array.from({ length: CLIENTS }, ask);
  return async () => {
    state.isOver = true;
    await Promise.all(running);
    await agent.close();
    return { answered: state.answered, wrong };
  };
}

test('fifty configurations under load, some of them broken, cost no request, no answer, no socket and no memory', async (t) => {
  const servers = await startServers(t);
  const variants = variantsOf(servers);
  let next = variants[0]!;
  const first = { config: next, shown: {}, files: new Map() };
  const gateway: RunningGateway = await startGateway(
    configOf(servers.map(({ url }) => ({ address: url }))),
    'test',
    createLogger({ level: 'error', format: 'logfmt' }, { write: () => undefined }),
    { source: { first, read: async () => ({ config: next, shown: {}, files: new Map() }) } },
  );
  t.after(() => gateway.close(0));
  const reload = async (i: number): Promise<number> => {
    next = variants[i % variants.length]!;
    const { statusCode, body } = await request(`${gateway.url}/-/reload`, { method: 'POST' });
    await body.text();
    return statusCode;
  };
  const settledHeap = async (): Promise<number> => {
    assert.equal(await reload(0), 200);
    await until('former connections are closed', 20_000, async () => openSockets() <= 2 * servers.length);
    for (const { requests } of servers) (requests as unknown[]).length = 0;
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };

  const stop = startClients(gateway.url);
  const statuses: number[] = [];
  for (let i = 1; i <= RELOADS; i++) {
    statuses.push(await reload(i));
    // Some come before the endpoints of the one before were asked.
    if (i % 3 !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { answered, wrong } = await stop();
  assert.deepEqual(wrong.slice(0, 3), []);
  assert.ok(answered > RELOADS, `${answered} were answered`);
  assert.equal(statuses.filter((status) => status === 500).length, 13);
  assert.equal(statuses.filter((status) => status === 200).length, RELOADS - 13);
  const before = await settledHeap();
  for (let i = 1; i <= RELOADS; i++) await reload(i);
  const grown = (await settledHeap()) - before;
  assert.ok(grown < NOISE, `the heap grew by ${grown} bytes`);
});

/** Of this process, in which both sides of the connections are. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
