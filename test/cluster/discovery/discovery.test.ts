import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointAddress } from '../../../src/cluster/discovery/address.ts';
import type {
  AddressSource,
  EndpointMaker,
  FoundAddresses,
} from '../../../src/cluster/discovery/address-source.ts';
import {
  EndpointDiscovery,
  MOST_ADDRESSES,
  type DiscoveryEvent,
} from '../../../src/cluster/discovery/discovery.ts';
import { createDnsSource } from '../../../src/cluster/discovery/dns-source.ts';
import { EndpointRegistry } from '../../../src/cluster/registry.ts';
import { WantedEndpoints, type WantedEvent } from '../../../src/cluster/wanted-endpoints.ts';
import { failed, success } from '../../../src/model/result.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { settled, shown } from '../support.ts';
import { addresses, emptyZone, fakeResolver } from './fake-resolver.ts';
import { plainEndpoint } from './support.ts';

const CLOCK = { now: () => 7, monotonic: () => 0 };
/** Lookups come after other delays than everything else, so that a test can tell their timers. */
const LOOKUP_MS = 5000;
/** How long a first look may take before answers say that it is missing, and a new endpoint before it is listed. */
const GRACE_MS = 2000;

interface World {
  readonly zone: ReturnType<typeof emptyZone>;
  readonly events: string[];
  readonly closed: string[];
  readonly timers: ManualTimers;
  readonly discovery: EndpointDiscovery;
  readonly registry: EndpointRegistry;
  /** Looks everywhere and asks what was found. */
  start(): Promise<void>;
  /** Ids and health of the topology. */
  shown(): string;
  lookAgain(): Promise<void>;
}

function worldOf(
  names: readonly string[],
  known: readonly string[] = [],
  more: readonly AddressSource[] = [],
  listed?: AddressSource,
): World {
  const zone = emptyZone();
  const events: string[] = [];
  const closed: string[] = [];
  const timers = new ManualTimers();
  const endpoints: EndpointMaker = ({ address }) => [plainEndpoint(address, closed)];
  const registry = new EndpointRegistry({
    replicaLabels: [],
    longestRequestMs: 0,
    refreshIntervalMs: 3_600_000,
    clock: CLOCK,
    timers,
  });
  const onEvent = (event: DiscoveryEvent | WantedEvent): void => void events.push(textOf(event));
  const wanted = new WantedEndpoints({ apply: (specs) => registry.apply(specs), onEvent });
  wanted.producer(undefined).want(known.flatMap((address) => endpoints({ address, serverName: undefined })));
  const timing = { minIntervalMs: LOOKUP_MS, maxIntervalMs: LOOKUP_MS };
  const sourceOf = (text: string, maker: EndpointMaker): AddressSource => {
    const name = parseEndpointAddress(text);
    assert.ok(name.kind !== 'static');
    return createDnsSource(name, fakeResolver(zone), timing, maker);
  };
  const discovery = new EndpointDiscovery({
    wanted,
    sources: [
      ...names.map((name) => sourceOf(name, endpoints)),
      ...more.map((one) => ({ ...one, endpoints })),
    ],
    sourceOf: (name, maker) =>
      listed === undefined ? sourceOf(name.text, maker) : { ...listed, endpoints: maker },
    maxRetryMs: LOOKUP_MS,
    clock: CLOCK,
    timers,
    onEvent,
  });
  return {
    zone,
    events,
    closed,
    timers,
    discovery,
    registry,
    start: async () => {
      await discovery.start();
      await registry.asked();
      await settled();
    },
    shown: () => shown(registry),
    lookAgain: async () => {
      await timers.fire(LOOKUP_MS);
      await settled();
    },
  };
}

function textOf(event: DiscoveryEvent | WantedEvent): string {
  switch (event.kind) {
    case 'failed':
      return `failed ${event.source}: ${event.reason}`;
    case 'recovered':
      return `recovered ${event.source}`;
    case 'bug':
      return `bug ${event.source}: ${event.stack.split('\n').slice(0, 2).join('')}`;
    case 'found':
    case 'gone':
      return `${event.kind} ${event.id}`;
    case 'repeated':
      return `repeated ${event.address}`;
  }
}

test('what is found was asked before it is a part of the topology', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await world.start();
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
  assert.deepEqual(world.discovery.status(), [
    { name: 'dns+h:1', problem: undefined, checkedAt: 7, found: 2 },
  ]);
});

test('endpoints come and go with DNS; a backend is closed once no call can still run', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await world.start();
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
  await world.start();
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
  await world.start();
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
  await world.start();
  assert.equal(world.shown(), '10.0.0.1:1 up, 10.0.0.2:1 up');
  world.zone.a['h'] = addresses(0, '10.0.0.2');
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.2:1 up, 10.0.0.1:1 up');
  world.zone.a['i'] = addresses(0, '10.0.0.2');
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.2:1 up');
});

test('an address that is configured as it is stays, whatever is found', async () => {
  const world = worldOf(['dns+h:1'], ['10.0.0.1:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  await world.start();
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
    endpoints: () => assert.fail(),
  };
}

test('names that a list holds are looked up, and forgotten with it', async () => {
  const list = { addresses: ['a:1', 'dns+h:1'] };
  const world = worldOf([], [], [listing(list)]);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.start();
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

test('an address that cannot be an endpoint stands for a missing one, and keeps nothing from the others', async () => {
  const list = { addresses: ['a:1', 'bad:1', 'http://h:99999', 'dns+h', 'http://me:secret@h:1'] };
  const world = worldOf([], [], [listing(list)]);
  await world.start();
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
  await world.start();
  world.discovery.close();
  await world.registry.close();
  assert.deepEqual(world.timers.delays(), []);
  assert.deepEqual(world.closed, ['10.0.0.1:1']);
});

/** A source that does not answer before the test says so. */
function hangingSource(): AddressSource & { readonly answer: (...addresses: readonly string[]) => void } {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  return {
    name: 'slow',
    find: async () => {
      const found = await promise;
      return success({
        addresses: found.map((address) => ({ address, serverName: undefined })),
        validMs: 60_000,
      });
    },
    endpoints: () => assert.fail(),
    answer: (...list) => resolve(list),
  };
}

test('a source that does not answer holds up nothing, and stands in the topology after a while', async () => {
  const slow = hangingSource();
  const world = worldOf(['dns+h:1'], [], [slow]);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  const started = world.discovery.start();
  await settled();
  assert.equal(world.shown(), '10.0.0.1:1 up');
  await world.timers.fire(GRACE_MS);
  await started;
  await settled();
  assert.equal(world.shown(), '10.0.0.1:1 up, slow down');
  const { health } = world.registry.topology().endpoints[1]!;
  assert.ok(health.kind === 'down');
  assert.equal(health.failure.reason, 'it is still being looked up');
  slow.answer('a:1');
  await settled();
  await settled();
  assert.equal(world.shown(), '10.0.0.1:1 up, a:1 up');
});

test('a look that is never answered is given up, and tried again', async () => {
  const world = worldOf([], [], [hangingSource()]);
  const started = world.discovery.start();
  await world.timers.fire(30_000);
  await started;
  assert.deepEqual(world.events, ['failed slow: no answer within 30 s']);
  await settled();
  assert.equal(world.shown(), 'slow down');
  await world.timers.fire(1000);
  assert.ok(world.timers.delays().includes(30_000), 'it looks again');
  world.discovery.close();
  await world.registry.close();
});

test('a source whose new endpoint hangs goes on being looked at', async () => {
  const world = worldOf(['dns+h:1']);
  world.zone.a['h'] = addresses(0, '10.0.0.1');
  await world.start();
  world.zone.a['h'] = addresses(0, '10.0.0.1', '10.0.0.2');
  const hangs = new Promise<void>(() => {});
  const registryApply = world.registry.apply.bind(world.registry);
  world.registry.apply = (specs) =>
    registryApply(
      new Map(
        [...specs].map(([id, spec]) => [
          id,
          {
            ...spec,
            createBackend: () =>
              Object.assign(spec.createBackend(), { describe: async () => hangs as never }),
          },
        ]),
      ),
    );
  await world.lookAgain();
  assert.equal(world.shown(), '10.0.0.1:1 up');
  world.zone.a['h'] = addresses(0, '10.0.0.2');
  await world.lookAgain();
  assert.deepEqual(world.events.slice(-2), ['found 10.0.0.2:1', 'gone 10.0.0.1:1']);
  await world.timers.fire(GRACE_MS);
  assert.equal(world.shown(), '10.0.0.2:1 pending');
  await world.registry.close();
});

test('a server that moved behind a name is not missing while the name is looked up', async () => {
  const list = { addresses: ['a:1'] };
  const slow = hangingSource();
  const world = worldOf([], [], [listing(list)], slow);
  await world.start();
  list.addresses = ['dns+h:1', 'b:1'];
  await world.timers.fire(60_000);
  await settled();
  assert.equal(world.shown(), 'b:1 up, a:1 up');
  slow.answer('10.0.0.1:1');
  await settled();
  await settled();
  assert.equal(world.shown(), 'b:1 up, 10.0.0.1:1 up');
});

test('a source that throws fails alone', async () => {
  let looks = 0;
  const broken: AddressSource = {
    name: 'broken',
    find: async function stumble() {
      looks++;
      throw new TypeError('a mistake');
    },
    endpoints: () => assert.fail(),
  };
  const world = worldOf([], ['a:1'], [broken]);
  await world.start();
  const [bug, ...others] = world.events;
  assert.match(bug!, /^bug broken: TypeError: a mistake +at .*stumble /);
  assert.deepEqual(others, ['failed broken: BUG: a mistake']);
  assert.equal(world.shown(), 'a:1 up, broken down');
  await world.timers.fire();
  await settled();
  assert.deepEqual([looks, world.events.length], [2, 2], 'it is told once while it stays the same');
});

test('sources that tell far too many addresses are not followed, and what they told before counts', async () => {
  const list = { addresses: ['a:1'] };
  const world = worldOf([], [], [listing(list)]);
  await world.start();
  list.addresses = Array.from({ length: MOST_ADDRESSES + 1 }, (_, i) => `a:${i}`);
  await world.timers.fire(60_000);
  assert.match(
    world.events.at(-1),
    /^failed list: list tells 1001 addresses.*at most 1000 are followed, so put several gateways/,
  );
  assert.equal(world.shown(), 'a:1 up');
});
