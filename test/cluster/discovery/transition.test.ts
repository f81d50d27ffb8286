import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AddressSource, FoundAddresses } from '../../../src/cluster/discovery/address-source.ts';
import { EndpointDiscovery, type Search } from '../../../src/cluster/discovery/discovery.ts';
import type { EndpointSpec } from '../../../src/cluster/endpoint-spec.ts';
import { WantedEndpoints } from '../../../src/cluster/wanted-endpoints.ts';
import { failed, success, type Result } from '../../../src/model/result.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { settled } from '../support.ts';
import { plainEndpoint } from './support.ts';

const FIRST_LOOK_MS = 2000;
const INTERVAL_MS = 60_000;

type Zone = Record<string, readonly string[] | string>;

interface World {
  readonly discovery: EndpointDiscovery;
  readonly wanted: WantedEndpoints;
  readonly timers: ManualTimers;
  /** What the sources tell, by their name; a sentence instead of addresses is a failure. */
  readonly zone: Zone;
  /** Each set of endpoints that was applied, as their fingerprints. */
  readonly applied: string[];
  /** Sources of these names, whose endpoints are asked in such a way. */
  readonly search: (how: string, ...names: readonly string[]) => Search;
}

function worldOf(zone: Zone, ...names: readonly string[]): World {
  const timers = new ManualTimers();
  const applied: string[] = [];
  const wanted = new WantedEndpoints({
    apply: (specs) => void applied.push([...specs.values()].map(({ fingerprint }) => fingerprint).join(' ')),
  });
  const find = async (name: string): Promise<Result<FoundAddresses, string>> => {
    const told = zone[name]!;
    if (told === 'hangs') return new Promise(() => {});
    return typeof told === 'string'
      ? failed(told)
      : success({
          addresses: told.map((address) => ({ address, serverName: undefined })),
          validMs: INTERVAL_MS,
        });
  };
  const search: World['search'] = (how, ...its) => {
    const sourceOf = (name: string): AddressSource => ({
      name,
      find: () => find(name),
      endpoints: ({ address }) => {
        const endpoint = plainEndpoint(address);
        const spec: EndpointSpec = { ...endpoint.spec, fingerprint: `${address}/${how}` };
        return [{ ...endpoint, spec }];
      },
    });
    return {
      sources: its.map(sourceOf),
      sourceOf: ({ text }, endpoints) => ({ ...sourceOf(text), endpoints }),
      maxRetryMs: INTERVAL_MS,
    };
  };
  const discovery = new EndpointDiscovery({
    ...search('old', ...names),
    wanted,
    clock: { now: () => 7, monotonic: () => 0 },
    timers,
  });
  return { discovery, wanted, timers, zone, applied, search };
}

async function follow({ discovery, wanted }: World, search: Search): Promise<void> {
  const transition = await discovery.transition(search);
  wanted.together(() => transition.want());
  transition.finish();
}

describe('a transition to other sources', () => {
  it('takes one step, once the new ones have told something', async () => {
    const world = worldOf({ f: ['a:1'], g: ['b:1'] }, 'f');
    await world.discovery.start();
    const before = world.applied.length;
    await follow(world, world.search('old', 'g'));
    assert.deepEqual(world.applied.slice(before), ['b:1/old']);
    assert.deepEqual(
      world.discovery.status().map(({ name }) => name),
      ['g'],
    );
  });

  it('waits no longer for a new one than for any first look; then answers say that it is missing', async () => {
    const world = worldOf({ f: ['a:1'], g: 'hangs' }, 'f');
    await world.discovery.start();
    const followed = follow(world, world.search('old', 'g'));
    await settled();
    assert.equal(world.applied.at(-1), 'a:1/old');
    await world.timers.fire(FIRST_LOOK_MS);
    await followed;
    assert.match(world.applied.join(), /\["g","source \d"\]$/);
  });

  it('keeps what a source told whose name stays, asked in the new way, also while it fails', async () => {
    const world = worldOf({ f: ['a:1', 'b:1'] }, 'f');
    await world.discovery.start();
    world.zone['f'] = 'no answer';
    await follow(world, world.search('new', 'f'));
    assert.equal(world.applied.at(-1), 'a:1/new b:1/new');
    await settled();
    assert.equal(world.applied.at(-1), 'a:1/new b:1/new');
    assert.deepEqual(
      world.discovery.status().map(({ problem }) => problem),
      ['no answer'],
      'it was looked at again at once',
    );
  });

  it('keeps what names told that a file listed', async () => {
    const world = worldOf({ f: ['dns+h:1'], 'dns+h:1': ['a:1'] }, 'f');
    await world.discovery.start();
    world.zone['dns+h:1'] = 'no answer';
    await follow(world, world.search('new', 'f'));
    await settled();
    assert.equal(world.applied.at(-1), 'a:1/new');
  });

  it('stops those that are not among them, with the names that they listed', async () => {
    const world = worldOf({ f: ['dns+h:1'], 'dns+h:1': ['a:1'] }, 'f');
    await world.discovery.start();
    await follow(world, world.search('old'));
    assert.equal(world.applied.at(-1), '');
    assert.deepEqual([world.timers.delays(), world.discovery.status()], [[], []]);
  });

  it('that is cancelled changes nothing, and stops the new ones', async () => {
    const world = worldOf({ f: ['a:1'], g: ['b:1'] }, 'f');
    await world.discovery.start();
    const [applied, delays] = [[...world.applied], world.timers.delays()];
    const transition = await world.discovery.transition(world.search('old', 'f', 'g'));
    transition.cancel();
    assert.deepEqual([world.applied, world.timers.delays()], [applied, delays]);
  });
});
