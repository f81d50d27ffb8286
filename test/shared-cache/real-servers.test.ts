import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import type { CacheClient, ConnectCache } from '../../src/shared-cache/cache-client.ts';
import { memcachedConnector } from '../../src/shared-cache/memcached/connect.ts';
import { redisConnector } from '../../src/shared-cache/redis/connect.ts';
import { startLiar, startMemcached, startRedis, type CacheProcess } from '../support/cache-servers.ts';
import { CERTIFICATES } from '../support/certificates.ts';

const HOST = '127.0.0.1';
const MOST = 1_000_000;

const redisAt = (port: number): ConnectCache => redisConnector({ host: HOST, port, database: 0 });
const memcachedAt = (port: number): ConnectCache => memcachedConnector({ host: HOST, port }, MOST);

const KINDS: readonly (readonly [
  name: string,
  start: (t: TestContext) => Promise<CacheProcess>,
  connector: (port: number) => ConnectCache,
])[] = [
  ['redis', startRedis, redisAt],
  ['memcached', startMemcached, memcachedAt],
];

async function connected(t: TestContext, connect: ConnectCache): Promise<CacheClient> {
  const client = await connect(new AbortController().signal);
  t.after(() => client.close());
  return client;
}

for (const [name, start, connector] of KINDS)
  describe(`a real ${name}`, () => {
    test('gives values back byte by byte, also empty ones, and many at a time', async (t) => {
      const { port } = await start(t);
      const client = await connected(t, connector(port));
      const values = [
        randomBytes(1),
        Buffer.alloc(0),
        Buffer.from('END\r\n$-1\r\n'),
        randomBytes(900_000),
      ].map((value) => Uint8Array.from(value));
      for (const [i, value] of values.entries()) await client.put(`k:${i}`, value, 60_000);
      const keys = ['k:9', ...values.keys().map((i) => `k:${i}`), 'k:8'];
      const [first, ...rest] = await client.get(keys);
      assert.equal(first, undefined);
      assert.equal(rest.pop(), undefined);
      assert.deepEqual(
        rest.map((value) => Buffer.from(value!).toString('base64')),
        values.map((value) => Buffer.from(value).toString('base64')),
      );
    });

    test('answers calls that overlap, each with its own', async (t) => {
      const { port } = await start(t);
      const client = await connected(t, connector(port));
      const calls = Array.from({ length: 100 }, async (_, i) => {
        await client.put(`k${i}`, Uint8Array.of(i), 60_000);
        const [value] = await client.get([`k${i}`]);
        return value?.[0];
      });
      assert.deepEqual(
        await Promise.all(calls),
        calls.map((_, i) => i),
      );
    });

    test('forgets values when their time is over', async (t) => {
      const { port } = await start(t);
      const client = await connected(t, connector(port));
      await client.put('k', Uint8Array.of(1), 1000);
      await client.put('l', Uint8Array.of(1), 60_000);
      for (let i = 0; i < 40 && (await client.get(['k']))[0] !== undefined; i++) await sleep(100);
      assert.deepEqual(
        (await client.get(['k', 'l'])).map((value) => value?.length),
        [undefined, 1],
      );
    });

    test('that ends has calls reject, those that wait and those that come', async (t) => {
      const server = await start(t);
      const client = await connected(t, connector(server.port));
      server.child.kill('SIGSTOP');
      const waiting = assert.rejects(client.get(['k']));
      await server.stop('SIGKILL');
      await waiting;
      await assert.rejects(client.ping());
      await assert.rejects(connector(server.port)(new AbortController().signal), /ECONNREFUSED/);
    });

    test('that is frozen lets nobody connect, until the signal aborts', async (t) => {
      const server = await start(t);
      server.child.kill('SIGSTOP');
      const controller = new AbortController();
      const connecting = connector(server.port)(controller.signal);
      setTimeout(() => controller.abort(new Error('that is enough')), 100);
      await assert.rejects(connecting, /that is enough/);
    });
  });

describe('a real redis', () => {
  test('is shown a password, and says where it is wrong', async (t) => {
    const { port } = await startRedis(t, { password: 'secret' });
    const client = await connected(t, redisConnector({ host: HOST, port, database: 0, password: 'secret' }));
    await client.ping();
    const wrong = redisConnector({ host: HOST, port, database: 0, password: 'wrong' });
    await assert.rejects(wrong(new AbortController().signal), /WRONGPASS/);
    await assert.rejects(async () => (await redisAt(port)(new AbortController().signal)).ping(), /NOAUTH/);
  });

  test('is spoken to over TLS, and only where its certificate is the right one', async (t) => {
    const { port } = await startRedis(t, { isTls: true });
    const tls = { ca: CERTIFICATES.ca, serverName: 'store.example', acceptsAnyCertificate: false };
    const server = { host: HOST, port, database: 0 };
    const client = await connected(t, redisConnector({ ...server, tls }));
    await client.put('k', Uint8Array.of(7), 60_000);
    assert.deepEqual([...(await client.get(['k']))[0]!], [7]);
    const other = redisConnector({ ...server, tls: { ...tls, serverName: 'other.example' } });
    await assert.rejects(other(new AbortController().signal), /altnames|ERR_TLS/);
    const unknown = redisConnector({ ...server, tls: { ...tls, ca: undefined } });
    await assert.rejects(unknown(new AbortController().signal));
  });

  test('that has no room for values goes on to answer', async (t) => {
    const { port } = await startRedis(t, {
      more: { maxmemory: '2mb', 'maxmemory-policy': 'noeviction' },
    });
    const client = await connected(t, redisAt(port));
    for (let i = 0; i < 5; i++) await client.put(`k${i}`, randomBytes(900_000), 60_000);
    assert.equal((await client.get(['k4']))[0], undefined);
    await client.ping();
  });
});

describe('a real memcached', () => {
  test('that has no room for a value goes on to answer', async (t) => {
    const { port } = await startMemcached(t);
    const client = await connected(t, memcachedAt(port));
    await client.put('k', new Uint8Array(2 * 1024 ** 2), 60_000);
    assert.equal((await client.get(['k']))[0], undefined);
    await client.ping();
  });
});

/** Answers that are none, and the calls that hear them. */
const LIES: readonly string[] = [
  'nonsense\r\n',
  '\0\0\0\0\0\0\0\0\0\0\0\0',
  'END\r\nEND\r\nEND\r\n',
  ':1\r\n:2\r\n:3\r\n',
];

for (const [name, , connector] of KINDS)
  for (const lie of LIES)
    test(`a ${name} that says ${JSON.stringify(lie)} to everything is given up`, async (t) => {
      const { port } = await startLiar(t, (socket) => socket.write(lie));
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(new Error('it says nothing')), 2000);
      await assert.rejects(async () => {
        const client = await connector(port)(controller.signal);
        try {
          await client.get(['k']);
          await client.ping();
        } finally {
          client.close();
        }
      });
      clearTimeout(timer);
    });

test('a memcached that sends a value of another key is given up', async (t) => {
  const { port } = await startLiar(t, (socket, asked) =>
    socket.write(asked.startsWith('version') ? 'VERSION 1\r\n' : 'VALUE other 0 1\r\nx\r\nEND\r\n'),
  );
  const client = await connected(t, memcachedAt(port));
  await assert.rejects(client.get(['k']), /it answered "the value of other", which was not asked for/);
});

test('a memcached that speaks without being asked is given up', async (t) => {
  const { port } = await startLiar(t, (socket) => socket.write('VERSION 1\r\nEND\r\n'));
  const client = await memcachedAt(port)(new AbortController().signal);
  await assert.rejects(client.get(['k']));
});
