import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { pino } from 'pino';
import { READY_MS } from '../../src/app/readiness.ts';
import { startEndpoints, type RunningEndpoints } from '../../src/app/endpoints.ts';
import { type Override, loadConfig } from '../../src/config/load.ts';
import { success } from '../../src/model/result.ts';
import { startFakePrometheus, streamed } from '../support/fake-prometheus.ts';
import { startFakeServer } from '../support/fake-server.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { until } from '../support/until.ts';

interface World {
  readonly endpoints: RunningEndpoints;
  readonly timers: ManualTimers;
  readonly log: string[];
}

function worldOf(
  t: TestContext,
  endpoints: readonly Readonly<Record<string, unknown>>[],
  resolve: () => Promise<readonly string[]> = () => Promise.resolve([]),
): World {
  const config = loadConfig(undefined, [
    { path: ['endpoints'], value: endpoints, source: 'test' } satisfies Override,
  ]);
  const timers = new ManualTimers();
  const log: string[] = [];
  const logger = pino({}, { write: (line: string) => void log.push(line) });
  const running = startEndpoints(config, logger, {
    timers,
    resolver: {
      addresses: async (_, family) =>
        success((await resolve()).flatMap((address) => (family === 4 ? [{ address, ttl: 1 }] : []))),
      services: () => Promise.resolve(success([])),
    },
  });
  t.after(() => running.close());
  return { endpoints: running, timers, log };
}

const shown = ({ endpoints }: World): readonly string[] =>
  endpoints.topology().endpoints.map(({ id, health }) => `${id} ${health.kind}`);

async function prometheus(t: TestContext): Promise<string> {
  const server = await startFakePrometheus({ '/api/v1/read': streamed() }, '    cluster: eu');
  t.after(() => server.close());
  return server.url;
}

/** A server that accepts connections and says nothing. */
async function silent(t: TestContext): Promise<string> {
  const server = await startFakeServer(() => {});
  t.after(() => server.close());
  return server.url;
}

describe('a start', () => {
  it('is over once every endpoint was asked', async (t) => {
    const world = worldOf(t, [{ address: await prometheus(t) }]);
    await world.endpoints.ready();
    assert.match(shown(world).join(), / up$/);
    assert.ok(!world.timers.delays().includes(READY_MS));
    assert.equal(world.endpoints.status().checkedAt.size, 1);
  });

  it('waits a few seconds for an endpoint that hangs, which is pending then', async (t) => {
    const [healthy, hanging] = [await prometheus(t), await silent(t)];
    const world = worldOf(t, [{ address: healthy }, { address: hanging }]);
    let isReady = false;
    const ready = world.endpoints.ready().then(() => {
      isReady = true;
      return isReady;
    });
    await until('one has answered', 10_000, async () => shown(world)[0] === `${healthy} up`);
    assert.equal(isReady, false);
    await world.timers.fire(READY_MS);
    assert.ok(await ready);
    assert.deepEqual(shown(world), [`${healthy} up`, `${hanging} pending`]);
  });

  it('waits no longer for a name that is not answered, which is missing then', async (t) => {
    const world = worldOf(t, [{ address: 'dns+http://h:9090' }], () => new Promise(() => {}));
    const ready = world.endpoints.ready();
    await world.timers.fire(2000);
    await world.timers.fire(READY_MS);
    await ready;
    assert.deepEqual(shown(world), ['dns+http://h:9090 down']);
    assert.deepEqual(
      world.endpoints.status().sources.map(({ name, checkedAt }) => [name, checkedAt]),
      [['dns+http://h:9090', undefined]],
    );
  });

  it('fails where an endpoint cannot be had as it is configured', (t) => {
    const tls = { ca_file: '/nowhere/ca.crt' };
    assert.throws(() => worldOf(t, [{ address: 'https://a:9090', tls }]), /cannot read \/nowhere\/ca\.crt/);
  });
});

describe('endpoints', () => {
  it('of one address and several tenants are several, and the log names each', async (t) => {
    const address = await prometheus(t);
    const world = worldOf(t, [
      { address, headers: { 'X-Scope-OrgID': 'eu' }, external_labels: { tenant: 'eu' } },
      { address, headers: { 'X-Scope-OrgID': 'us' }, external_labels: { tenant: 'us' } },
    ]);
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [
      `${address} (X-Scope-OrgID: eu, {tenant="eu"}) up`,
      `${address} (X-Scope-OrgID: us, {tenant="us"}) up`,
    ]);
    assert.ok(world.log.some((line) => line.includes('X-Scope-OrgID: us')));
  });

  it('that are configured twice are asked once, which the log says once', async (t) => {
    const address = await prometheus(t);
    const world = worldOf(t, [{ address }, { address: `${address}/` }]);
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [`${address} up`]);
    const told = world.log.filter((line) => line.includes('configured more than once'));
    assert.equal(told.length, 1);
  });

  it('that a name leads to are those that are configured at that address', async (t) => {
    const { host, port } = new URL(await prometheus(t));
    const address = `http://${host}`;
    const world = worldOf(
      t,
      [{ address, external_labels: { cluster: 'us' } }, { address: `dns+http://h:${port}` }],
      () => Promise.resolve(['127.0.0.1']),
    );
    await world.endpoints.ready();
    assert.deepEqual(shown(world), [`${address} up`]);
  });
});
