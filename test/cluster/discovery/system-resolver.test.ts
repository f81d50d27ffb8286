import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createSystemResolver } from '../../../src/cluster/discovery/system-resolver.ts';
import { startDnsServer, type DnsZone } from '../../support/dns-server.ts';

const NEVER = new AbortController().signal;
const SERVER_FAILED = 2;

async function resolverOver(t: TestContext, zone: DnsZone) {
  const server = await startDnsServer(zone);
  t.after(() => server.close());
  return createSystemResolver([server.address]);
}

test('addresses come with their TTL', async (t) => {
  const resolver = await resolverOver(t, {
    'prometheus.test': [
      { type: 'A', ttl: 7, address: '10.0.0.1' },
      { type: 'A', ttl: 9, address: '10.0.0.2' },
    ],
  });
  assert.deepEqual(await resolver.addresses('prometheus.test', 4, NEVER), {
    ok: true,
    value: [
      { address: '10.0.0.1', ttl: 7 },
      { address: '10.0.0.2', ttl: 9 },
    ],
  });
  assert.deepEqual(await resolver.addresses('prometheus.test', 6, NEVER), { ok: true, value: [] });
});

test('services come with host and port', async (t) => {
  const resolver = await resolverOver(t, {
    '_web._tcp.test': [{ type: 'SRV', ttl: 5, port: 9090, target: 'a.test' }],
  });
  assert.deepEqual(await resolver.services('_web._tcp.test', NEVER), {
    ok: true,
    value: [{ host: 'a.test', port: 9090 }],
  });
});

test('a name that does not exist is an empty list, a server that fails is a failure', async (t) => {
  const resolver = await resolverOver(t, { 'broken.test': SERVER_FAILED });
  assert.deepEqual(await resolver.addresses('none.test', 4, NEVER), { ok: true, value: [] });
  const broken = await resolver.services('broken.test', NEVER);
  assert.match(broken.ok ? '' : broken.failure, /ESERVFAIL/);
});

test('an address is its own answer', async () => {
  const resolver = createSystemResolver(['127.0.0.1:1']);
  assert.deepEqual(await resolver.addresses('127.0.0.1', 4, NEVER), {
    ok: true,
    value: [{ address: '127.0.0.1', ttl: undefined }],
  });
  assert.deepEqual(await resolver.addresses('127.0.0.1', 6, NEVER), { ok: true, value: [] });
});

test('the hosts file of the system counts', async () => {
  const known = await createSystemResolver().addresses('localhost', 4, NEVER);
  assert.ok(known.ok);
  assert.deepEqual(
    known.value.map(({ address }) => address),
    ['127.0.0.1'],
  );
});
