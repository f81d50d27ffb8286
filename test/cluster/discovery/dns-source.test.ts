import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointAddress } from '../../../src/cluster/discovery/address.ts';
import { createDnsSource } from '../../../src/cluster/discovery/dns-source.ts';
import { addresses, emptyZone, fakeResolver, type FakeZone } from './fake-resolver.ts';
import { plainMaker } from './support.ts';

const NEVER = new AbortController().signal;

function find(zone: Partial<FakeZone>, text: string) {
  const name = parseEndpointAddress(text);
  assert.ok(name.kind !== 'static');
  const resolver = fakeResolver({ ...emptyZone(), ...zone });
  const timing = { minIntervalMs: 5000, maxIntervalMs: 30_000 };
  return createDnsSource(name, resolver, timing, plainMaker).find(NEVER);
}

async function found(zone: Partial<FakeZone>, text: string): Promise<readonly string[]> {
  const result = await find(zone, text);
  assert.ok(result.ok, 'nothing was found');
  return result.value.addresses.map(({ address, serverName }) => `${address} ${serverName ?? '-'}`);
}

const BOTH = { a: { h: addresses(60, '10.0.0.2', '10.0.0.1') }, aaaa: { h: addresses(60, 'fd00::1') } };

test('A records become addresses, sorted, with the name for certificates', async () => {
  assert.deepEqual(await found(BOTH, 'dns+http://h:9090/p'), [
    'http://10.0.0.1:9090/p h',
    'http://10.0.0.2:9090/p h',
  ]);
});

test('AAAA records count where there is no A record, or where both are wanted', async () => {
  assert.deepEqual(await found({ aaaa: BOTH.aaaa }, 'dns+h:10901'), ['[fd00::1]:10901 h']);
  assert.deepEqual(await found(BOTH, 'dnsdualstack+h:1'), ['10.0.0.1:1 h', '10.0.0.2:1 h', '[fd00::1]:1 h']);
});

test('SRV records lead to addresses, with the port of the record unless one is given', async () => {
  const zone = {
    srv: {
      s: [
        { host: 'h.', port: 9090 },
        { host: 'gone', port: 1 },
      ],
    },
    ...BOTH,
  };
  assert.deepEqual(await found(zone, 'dnssrv+http://s'), [
    'http://10.0.0.1:9090 h',
    'http://10.0.0.2:9090 h',
  ]);
  assert.deepEqual(await found(zone, 'dnssrv+s:7'), ['10.0.0.1:7 h', '10.0.0.2:7 h']);
  assert.deepEqual(await found(zone, 'dnssrvnoa+http://s'), ['http://gone:1 -', 'http://h:9090 -']);
});

test('an address that several records tell is found once', async () => {
  const zone = { a: { h: addresses(60, '10.0.0.1', '10.0.0.1') } };
  assert.deepEqual(await found(zone, 'dns+h:1'), ['10.0.0.1:1 h']);
});

test('the next look comes after the shortest TTL, within bounds', async () => {
  const valid = async (...ttls: readonly (number | undefined)[]) => {
    const zone = { a: { h: ttls.map((ttl, i) => ({ address: `10.0.0.${i}`, ttl })) } };
    const result = await find(zone, 'dns+h:1');
    return result.ok && result.value.validMs;
  };
  assert.deepEqual(
    await Promise.all([valid(20, 60), valid(0), valid(3600), valid(undefined)]),
    [20_000, 5000, 30_000, 30_000],
  );
});

test('a name without records and a server that fails are failures with the name', async () => {
  const problem = async (zone: Partial<FakeZone>, text: string) => {
    const result = await find(zone, text);
    return result.ok ? '' : result.failure;
  };
  assert.equal(await problem({}, 'dns+h:1'), 'h has no addresses in DNS');
  assert.equal(await problem({}, 'dnssrv+s'), 's has no SRV records that lead to an address in DNS');
  assert.equal(await problem({ a: { h: 'timed out' } }, 'dns+h:1'), 'cannot look up h: timed out');
  assert.equal(
    await problem({ srv: { s: [{ host: 'h', port: 1 }] }, a: { h: 'refused' } }, 'dnssrv+s'),
    'cannot look up s: h: refused',
  );
});
