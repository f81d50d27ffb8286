import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import { parseEndpointAddress } from '../../../src/cluster/discovery/address.ts';
import { EndpointDiscovery, type DiscoveryEvent } from '../../../src/cluster/discovery/discovery.ts';
import { createDnsSource } from '../../../src/cluster/discovery/dns-source.ts';
import type { AddressSource, EndpointMaker, FoundAddresses } from '../../../src/cluster/discovery/source.ts';
import { EndpointRegistry } from '../../../src/cluster/registry.ts';
import { EMPTY_LABELS } from '../../../src/model/labels.ts';
import { failed, success } from '../../../src/model/result.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { addresses, emptyZone, fakeResolver } from './fake-resolver.ts';

const CLOCK = { now: () => 7, monotonic: () => 0 };
/** Lookups come after other delays than everything else, so that a test can tell their timers. */
const LOOKUP_MS = 5000;

interface World {
  readonly zone: ReturnType<typeof emptyZone>;
  readonly events: string[];
  readonly closed: string[];
  readonly timers: ManualTimers;
  readonly discovery: EndpointDiscovery;
  readonly registry: EndpointRegistry;
  /** Addresses and health of the topology. */
  shown(): string;
  lookAgain(): Promise<void>;
}

function worldOf(
  names: readonly string[],
  known: readonly string[] = [],
  more: readonly AddressSource[] = [],
): World {
  const zone = emptyZone();
  const events: string[] = [];
  const closed: string[] = [];
  const timers = new ManualTimers();
  const endpoints: EndpointMaker = {
    settings: { replication: 'auto', timeoutMs: 1000 },
    backendOf: ({ address }) => {
      if (address.startsWith('bad')) throw new Error(`no such scheme: ${address}`);
      const backend = createMemoryBackend({ address, externalLabels: EMPTY_LABELS, series: [] });
      return Object.assign(backend, { close: async () => void closed.push(address) });
    },
  };
  const registry = new EndpointRegistry({
    endpoints: known.map((address) => ({
      ...endpoints.settings,
      backend: endpoints.backendOf({ address, serverName: undefined }),
    })),
    replicaLabels: [],
    refreshIntervalMs: 3_600_000,
    clock: CLOCK,
    timers,
  });
  const timing = { minIntervalMs: LOOKUP_MS, maxIntervalMs: LOOKUP_MS };
  const sourceOf = (text: string, maker: EndpointMaker): AddressSource => {
    const name = parseEndpointAddress(text);
    assert.ok(name.kind !== 'static');
    return createDnsSource(name, fakeResolver(zone), timing, maker);
  };
  const discovery = new EndpointDiscovery({
    registry,
    sources: [
      ...names.map((name) => sourceOf(name, endpoints)),
      ...more.map((one) => ({ ...one, endpoints })),
    ],
    known: new Set(known),
    sourceOf: (name, maker) => sourceOf(name.text, maker),
    maxRetryMs: LOOKUP_MS,
    clock: CLOCK,
    timers,
    onEvent: (event) => events.push(textOf(event)),
  });
  const shown = (): string =>
    registry
      .topology()
      .endpoints.map(({ address, health }) => `${address} ${health.kind}`)
      .join(', ');
  return {
    zone,
    events,
    closed,
    timers,
    discovery,
    registry,
    shown,
    lookAgain: () => timers.fire(LOOKUP_MS),
  };
}

function textOf(event: DiscoveryEvent): string {
  const { kind, source } = event;
  if (kind === 'failed') return `${kind} ${source}: ${event.reason}`;
  return kind === 'recovered' ? `${kind} ${source}` : `${kind} ${event.address}`;
}

test('what is found was asked before it is a part of the topology', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await world.discovery.start();
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
  assert.deepEqual(world.discovery.status(), [
    { name: 'dns+h:1', problem: undefined, checkedAt: 7, found: 2 },
  ]);
});

test('endpoints come and go with DNS; a backend is closed once no call can still run', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await world.discovery.start();
  world.zone.a['h'] = addresses(0, '10.0.0.2', '10.0.0.3');
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.2:1 up, 10.0.0.3:1 up');
  assert.deepEqual(world.events.slice(2), ['found 10.0.0.3:1', 'gone 10.0.0.1:1']);
  assert.deepEqual(world.closed, []);
  await world.timers.fire(1000);
  assert.deepEqual(world.closed, ['10.0.0.1:1']);
});

test('the last good answer counts while lookups fail, which is told once and shown', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.discovery.start();
  world.zone.a['h'] = 'timed out';
  await world.lookAgain();
  await world.timers.fire(1000);
  assert.equal(world.shown(), '10.0.0.1:1 up');
  assert.equal(world.discovery.status()[0]!.problem, 'cannot look up h: timed out');
  world.zone.a['h'] = [];
  await world.timers.fire(2000);
  assert.equal(world.shown(), '10.0.0.1:1 up');
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.timers.fire(4000);
  assert.deepEqual(world.events, [
    'found 10.0.0.1:1',
    'failed dns+h:1: cannot look up h: timed out',
    'failed dns+h:1: h has no addresses in DNS',
    'recovered dns+h:1',
  ]);
});

test('a name that never led to an address stands in the topology as one that is down', async () => {
  const world = worldOf(['dns+h:1']);
  await world.discovery.start();
  assert.equal(world.shown(), 'dns+h:1 down');
  const { health } = world.registry.topology().endpoints[0]!;
  assert.ok(health.kind === 'down');
  assert.equal(health.failure.reason, 'h has no addresses in DNS');
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.timers.fire(1000);
  assert.equal(world.shown(), '10.0.0.1:1 up');
});

test('an address that two names lead to stays until neither does', async () => {
  const world = worldOf(['dns+h:1', 'dns+i:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  world.zone.a['i'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await world.discovery.start();
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
  world.zone.a['h'] = addresses(0, '10.0.0.2');
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
  world.zone.a['i'] = addresses(0, '10.0.0.2');
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.2:1 up');
});

test('an address that is configured as it is stays, whatever is found', async () => {
  const world = worldOf(['dns+h:1'], ['10.0.0.1:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await Promise.all([world.registry.start(), world.discovery.start()]);
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
  world.zone.a['h'] = addresses(0, '10.0.0.2');
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
});

/** A source whose list the test changes. */
function listing(list: { addresses: readonly string[] }): AddressSource {
  return {
    name: 'list',
    find: async () => {
      if (list.addresses.length === 0) return failed('the list is broken');
      const found: FoundAddresses = {
        addresses: list.addresses.map((address) => ({ address, serverName: undefined })),
        validMs: 60_000,
      };
      return success(found);
    },
    endpoints: { settings: { replication: 'auto', timeoutMs: 1 }, backendOf: () => assert.fail() },
  };
}

test('names that a list holds are looked up, and forgotten with it', async () => {
  const list = { addresses: ['a:1', 'dns+h:1'] };
  const world = worldOf([], [], [listing(list)]);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.discovery.start();
  assert.equal(world.shown(), 'a:1 up, 10.0.0.1:1 up');
  assert.deepEqual(
    world.discovery.status().map(({ name, found }) => `${name} ${found}`),
    ['list 2', 'dns+h:1 1'],
  );
  list.addresses = ['a:1'];
  await world.timers.fire(60_000);
  assert.equal(world.shown(), 'a:1 up');
  assert.ok(!world.timers.delays().includes(LOOKUP_MS));
});

test('an address that can not be an endpoint stands for a missing one, and keeps nothing from the others', async () => {
  const list = { addresses: ['a:1', 'bad:1', 'http://h:99999', 'dns+h', 'http://me:secret@h:1'] };
  const world = worldOf([], [], [listing(list)]);
  await world.discovery.start();
  const shown = world.registry
    .topology()
    .endpoints.map(({ address, health }) => [address, health.kind === 'down' ? health.failure.reason : '']);
  assert.deepEqual(
    shown.map(([address]) => address),
    ['a:1', 'bad:1', 'http://h:99999', 'dns+h', 'http://…@h:1'],
  );
  const reasons = [/^$/, /no such scheme/, /is no URL/, /needs a port/, /has credentials in it.*basic_auth/];
  for (const [i, reason] of reasons.entries()) assert.match(shown[i]![1]!, reason);
  list.addresses = ['bad:1'];
  await world.timers.fire(60_000);
  assert.equal(world.shown(), 'bad:1 down');
});

test('closing stops all lookups', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.discovery.start();
  world.discovery.close();
  await world.registry.close();
  assert.deepEqual(world.timers.delays(), []);
  assert.deepEqual(world.closed, ['10.0.0.1:1']);
});
