import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EndpointId, endpointId } from '../../src/cluster/endpoint-id.ts';
import type { EndpointSpec } from '../../src/cluster/endpoint-spec.ts';
import { type EndpointRegistry, LISTING_GRACE_MS } from '../../src/cluster/registry.ts';
import { labelsFromRecord, labelValue } from '../../src/model/labels.ts';
import type { Fault } from '../support/failing-backend.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { registryOf, settled, shown, specOf, upSeries, wantedOf } from './support.ts';

const HANGS = { delay: new Promise<void>(() => {}) };

interface World {
  readonly registry: EndpointRegistry;
  readonly timers: ManualTimers;
  /** Addresses of backends that were made and closed, in order. */
  readonly made: string[];
  readonly closed: string[];
  readonly spec: (address: string, more?: Partial<EndpointSpec>) => EndpointSpec;
  readonly hanging: (address: string) => EndpointSpec;
}

async function worldOf(...addresses: readonly string[]): Promise<World> {
  const timers = new ManualTimers();
  const registry = registryOf(timers);
  const made: string[] = [];
  const closed: string[] = [];
  const counted = (spec: EndpointSpec): EndpointSpec => ({
    ...spec,
    createBackend: () => {
      made.push(spec.address);
      return spec.createBackend();
    },
  });
  const spec: World['spec'] = (address, more = {}) =>
    counted(specOf(address, { __replica__: address }, upSeries('1'), {}, { closed, ...more }));
  const hanging: World['hanging'] = (address) => counted(specOf(address, {}, [], HANGS, { closed }));
  registry.apply(wantedOf(...addresses.map((address) => spec(address))));
  await registry.asked();
  await settled();
  return { registry, timers, made, closed, spec, hanging };
}

describe('what is wanted', () => {
  it('leaves endpoints alone whose specs stay the same', async () => {
    const { registry, timers, made, spec } = await worldOf('a:1', 'b:1');
    const before = registry.topology();
    registry.apply(wantedOf(spec('a:1'), spec('b:1')));
    assert.equal(registry.topology(), before);
    assert.deepEqual(made, ['a:1', 'b:1']);
    assert.deepEqual(timers.delays(), [30_000, 30_000], 'nobody was asked again');
  });

  it('decides on the order of the topology', async () => {
    const { registry, spec } = await worldOf('a:1', 'b:1');
    registry.apply(wantedOf(spec('b:1'), spec('a:1')));
    assert.equal(shown(registry), 'b:1 up, a:1 up');
  });

  it('removes the others, closes them after their timeout, and forgets what they proved', async () => {
    const { registry, timers, closed, spec } = await worldOf('a:1', 'b:1');
    const before = registry.topology();
    assert.equal(before.endpoints[0]!.covered.size, 1);
    registry.apply(wantedOf(spec('a:1')));
    assert.equal(before.endpoints.length, 2);
    assert.equal(shown(registry), 'a:1 up');
    assert.equal(registry.topology().endpoints[0]!.covered.size, 0);
    assert.deepEqual(closed, []);
    await timers.fire(1000);
    assert.deepEqual(closed, ['b:1']);
    assert.deepEqual(timers.delays(), [30_000]);
  });

  it('replaces an endpoint with another spec once the new one answered, and never shows both', async () => {
    const { registry, timers, made, closed, spec } = await worldOf('a:1', 'b:1');
    registry.apply(wantedOf(spec('a:1', { fingerprint: 'changed', timeoutMs: 7000 }), spec('b:1')));
    assert.deepEqual(
      registry.topology().endpoints.map(({ id, timeoutMs }) => `${id} ${timeoutMs}`),
      ['b:1 1000', 'a:1 1000'],
    );
    await settled();
    assert.deepEqual(
      registry.topology().endpoints.map(({ id, timeoutMs }) => `${id} ${timeoutMs}`),
      ['a:1 7000', 'b:1 1000'],
    );
    const [a, b] = registry.topology().endpoints;
    assert.deepEqual([a!.covered.get(b!.id), b!.covered.get(a!.id)], [1, 1]);
    await timers.fire(1000);
    assert.deepEqual([made, closed], [['a:1', 'b:1', 'a:1'], ['a:1']]);
  });

  it('keeps an endpoint that it wants by another id', async () => {
    const { registry, made, spec } = await worldOf('a:1', 'b:1');
    const [x, y] = [endpointId('a:1 (tenant x)'), endpointId('b:1')];
    const wanted = new Map<EndpointId, EndpointSpec>([
      [x, spec('a:1')],
      [y, spec('b:1')],
    ]);
    registry.apply(wanted);
    assert.equal(shown(registry), 'a:1 (tenant x) up, b:1 up');
    assert.deepEqual(made, ['a:1', 'b:1']);
    const [a, b] = registry.topology().endpoints;
    assert.deepEqual([[...a!.covered], [...b!.covered]], [[[y, 1]], [[x, 1]]]);
  });

  it('may give two endpoints each the id of the other', async () => {
    const { registry, made, spec } = await worldOf('a:1', 'b:1');
    registry.apply(
      new Map([
        [endpointId('a:1'), spec('b:1')],
        [endpointId('b:1'), spec('a:1')],
      ]),
    );
    assert.deepEqual(
      registry.topology().endpoints.map(({ id, address, covered }) => [id, address, [...covered.keys()]]),
      [
        ['a:1', 'b:1', ['b:1']],
        ['b:1', 'a:1', ['a:1']],
      ],
    );
    assert.deepEqual(made, ['a:1', 'b:1']);
  });

  it('may pass the id of an endpoint that goes on to one that stays', async () => {
    const { registry, spec } = await worldOf('a:1', 'b:1');
    registry.apply(new Map([[endpointId('a:1'), spec('b:1')]]));
    assert.deepEqual(
      registry.topology().endpoints.map(({ id, address, covered }) => [id, address, covered.size]),
      [['a:1', 'b:1', 0]],
    );
  });

  it('changes nothing where a backend cannot be made', async () => {
    const { registry, closed, spec } = await worldOf('a:1');
    const before = registry.topology();
    const broken = spec('c:1', {
      createBackend: () => {
        throw new Error('no such file');
      },
    });
    assert.throws(() => registry.apply(wantedOf(spec('b:1'), broken)), /no such file/);
    assert.equal(registry.topology(), before);
    assert.deepEqual(closed, ['b:1']);
    registry.apply(wantedOf(spec('a:1'), spec('b:1')));
    await settled();
    assert.equal(shown(registry), 'a:1 up, b:1 up');
  });
});

describe('an endpoint that moved', () => {
  it('stays until its successor has answered', async () => {
    const { registry, spec } = await worldOf('a:1', 'b:1');
    registry.apply(wantedOf(spec('a:1'), spec('c:1')));
    assert.equal(shown(registry), 'a:1 up, b:1 up');
    await settled();
    assert.equal(shown(registry), 'a:1 up, c:1 up');
  });

  it('goes after a grace where the successor hangs, which is then missing', async () => {
    const { registry, timers, closed, spec, hanging } = await worldOf('a:1', 'b:1');
    registry.apply(wantedOf(spec('a:1'), hanging('c:1')));
    await settled();
    assert.equal(shown(registry), 'a:1 up, b:1 up');
    await timers.fire(LISTING_GRACE_MS);
    assert.equal(shown(registry), 'a:1 up, c:1 pending');
    await timers.fire(1000);
    assert.deepEqual(closed, ['b:1']);
    assert.equal(shown(registry), 'a:1 up, c:1 down');
    await registry.close();
  });

  it('stays while its successor waits, also where the same is wanted once more', async () => {
    const { registry, spec } = await worldOf('a:1');
    const changed = spec('a:1', { fingerprint: 'changed' });
    registry.apply(wantedOf(changed));
    registry.apply(wantedOf(changed));
    assert.equal(shown(registry), 'a:1 up');
  });

  it('makes room for successors that hang, also for those that came later, which are then missing', async () => {
    const { registry, timers, hanging } = await worldOf('a:1');
    registry.apply(wantedOf(hanging('b:1')));
    // The time of the first successor began before that of the second.
    const ofFirst = timers.delays().find((delay) => delay === LISTING_GRACE_MS);
    assert.ok(ofFirst !== undefined);
    registry.apply(wantedOf(hanging('c:1')));
    await timers.fire(LISTING_GRACE_MS);
    assert.equal(shown(registry), 'c:1 pending');
  });

  it('leaves what is known of it to one that asks the same server in another way, also while it is down', async () => {
    const fault: Fault = {};
    const registry = registryOf();
    const specBy = (fingerprint: string): EndpointSpec =>
      specOf('a:1', { __replica__: 'a' }, upSeries('1'), fault, { fingerprint });
    const sibling = specOf('b:1', { __replica__: 'b' }, upSeries('1'));
    registry.apply(wantedOf(specBy('30s'), sibling));
    await registry.asked();
    fault.failWith = { kind: 'unavailable', reason: 'connection refused' };
    registry.apply(wantedOf(specBy('20s'), sibling));
    await registry.asked();
    const [a, b] = registry.topology().endpoints;
    assert.equal(shown(registry), 'a:1 down, b:1 up');
    assert.deepEqual(a!.externalLabels, labelsFromRecord({ __replica__: 'a' }));
    assert.deepEqual([a!.covered.get(b!.id), b!.covered.get(a!.id)], [1, 1]);
    await registry.close();
  });

  it('is compared with others that are asked for the same times from then on', async () => {
    const registry = registryOf();
    const window = { min: { kind: 'from-now', ms: -1 } } as const;
    const specBy = (address: string, more: Partial<EndpointSpec> = {}): EndpointSpec =>
      specOf(address, { __replica__: address }, upSeries('1'), {}, more);
    registry.apply(wantedOf(specBy('a:1'), specBy('b:1')));
    await registry.asked();
    registry.apply(wantedOf(specBy('a:1', { fingerprint: 'new', window }), specBy('b:1')));
    await registry.asked();
    await settled();
    const [a, b] = registry.topology().endpoints;
    assert.deepEqual([a!.window, b!.window], [window, undefined]);
    assert.deepEqual([a!.covered.size, b!.covered.size], [0, 0]);
    await registry.close();
  });

  it('stays until all successors have answered, so that replicas whose labels change are one shard all the time', async () => {
    const registry = registryOf();
    const { promise: delay, resolve: answer } = Promise.withResolvers<void>();
    const specBy = (address: string, shard: string, fault: Fault = {}): EndpointSpec =>
      specOf(address, { shard, __replica__: address }, upSeries('1'), fault, {
        fingerprint: address + shard,
      });
    registry.apply(wantedOf(specBy('a:1', 'old'), specBy('b:1', 'old')));
    await registry.asked();
    const shards = (): readonly (string | undefined)[] =>
      registry.topology().endpoints.map(({ externalLabels }) => labelValue(externalLabels!, 'shard'));
    registry.apply(wantedOf(specBy('a:1', 'new'), specBy('b:1', 'new', { delay })));
    await settled();
    assert.deepEqual(shards(), ['old', 'old']);
    answer();
    await settled();
    assert.deepEqual(shards(), ['new', 'new']);
    const [a, b] = registry.topology().endpoints;
    assert.deepEqual([a!.covered.get(b!.id), b!.covered.get(a!.id)], [1, 1]);
    await registry.close();
  });

  it('waits for nobody who is not wanted any more', async () => {
    const { registry, spec, hanging } = await worldOf('a:1');
    registry.apply(wantedOf(spec('b:1'), hanging('c:1')));
    await settled();
    assert.equal(shown(registry), 'a:1 up');
    registry.apply(wantedOf(spec('b:1')));
    assert.equal(shown(registry), 'b:1 up');
    await registry.close();
  });

  it('leaves nothing to another server that has its address', async () => {
    const registry = registryOf();
    registry.apply(wantedOf(specOf('a:1', { tenant: 'x' })));
    await registry.asked();
    const refused: Fault = { failWith: { kind: 'unavailable', reason: 'connection refused' } };
    registry.apply(wantedOf(specOf('a:1', {}, [], refused, { fingerprint: 'y', server: 'a:1 y' })));
    await registry.asked();
    assert.equal(registry.topology().endpoints[0]!.externalLabels, undefined);
    await registry.close();
  });

  it('does not stay for ever where new ones keep coming', async () => {
    const { registry, timers, spec, hanging } = await worldOf('a:1');
    registry.apply(wantedOf(hanging('b:1')));
    const grace = timers.delays().filter((delay) => delay === LISTING_GRACE_MS).length;
    registry.apply(wantedOf(hanging('b:1'), hanging('c:1')));
    assert.ok(grace > 0);
    await timers.fire(LISTING_GRACE_MS);
    assert.equal(shown(registry), 'b:1 pending, c:1 pending');
    registry.apply(wantedOf(hanging('b:1'), hanging('c:1'), spec('d:1')));
    await settled();
    assert.equal(shown(registry), 'b:1 pending, c:1 pending, d:1 up');
    await registry.close();
  });

  it('stays where it is wanted again meanwhile', async () => {
    const { registry, timers, made, spec, hanging } = await worldOf('a:1', 'b:1');
    registry.apply(wantedOf(spec('a:1'), hanging('c:1')));
    registry.apply(wantedOf(spec('a:1'), spec('b:1'), hanging('c:1')));
    await timers.fire(LISTING_GRACE_MS);
    assert.equal(shown(registry), 'a:1 up, b:1 up, c:1 pending');
    assert.deepEqual(made, ['a:1', 'b:1', 'c:1']);
    await registry.close();
  });

  it('never appears where it was not wanted any more before it answered', async () => {
    const { registry, timers, closed, spec, hanging } = await worldOf('a:1');
    registry.apply(wantedOf(spec('a:1'), hanging('c:1')));
    registry.apply(wantedOf(spec('a:1')));
    await timers.fire(LISTING_GRACE_MS);
    await timers.fire(1000);
    assert.equal(shown(registry), 'a:1 up');
    assert.deepEqual(closed, ['c:1']);
  });
});

describe('other settings', () => {
  const settings = { replicaLabels: ['__replica__'], refreshIntervalMs: 30_000, longestRequestMs: 0 };

  it('group the endpoints by other labels, and learn nothing anew', async () => {
    const { registry, made } = await worldOf('a:1', 'b:1');
    const shared = (): readonly number[] => registry.topology().endpoints.map(({ covered }) => covered.size);
    assert.deepEqual(shared(), [1, 1]);
    registry.reconfigure({ ...settings, replicaLabels: ['replica'] });
    assert.deepEqual(shared(), [0, 0]);
    registry.reconfigure(settings);
    assert.deepEqual(shared(), [1, 1]);
    assert.deepEqual(made, ['a:1', 'b:1']);
  });

  it('have endpoints asked at the new interval at once, and leave their time alone where that stays', async () => {
    const { registry, timers } = await worldOf('a:1');
    registry.reconfigure({ ...settings, replicaLabels: ['replica'] });
    assert.deepEqual(timers.delays(), [30_000]);
    registry.reconfigure({ ...settings, refreshIntervalMs: 5000 });
    assert.deepEqual(timers.delays(), [5000]);
  });

  it('keep a backend open for as long as a request can go on that found it', async () => {
    const { registry, timers, closed, spec } = await worldOf('a:1', 'b:1');
    registry.reconfigure({ ...settings, longestRequestMs: 120_000 });
    registry.apply(wantedOf(spec('a:1')));
    await timers.fire(1000);
    assert.deepEqual(closed, []);
    await timers.fire(120_000);
    assert.deepEqual(closed, ['b:1']);
  });
});
