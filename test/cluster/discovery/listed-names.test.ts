import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AddressSource, FoundAddress } from '../../../src/cluster/discovery/address-source.ts';
import { EndpointDiscovery } from '../../../src/cluster/discovery/discovery.ts';
import { WantedEndpoints } from '../../../src/cluster/wanted-endpoints.ts';
import { success } from '../../../src/model/result.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { settled } from '../support.ts';
import { plainEndpoint } from './support.ts';

/** A source whose endpoints show what the maker heard of each. */
function sourceOf(
  name: string,
  told: { addresses: readonly Omit<FoundAddress, 'serverName'>[] },
): AddressSource {
  const addresses = (): FoundAddress[] =>
    told.addresses.map((found) => ({ ...found, serverName: undefined }));
  return {
    name,
    find: async () => success({ addresses: addresses(), validMs: 1000 }),
    endpoints: ({ address, labels, isStrict }) => [
      plainEndpoint(`${labels?.['dc']}/${address}${isStrict === true ? '!' : ''}`),
    ],
  };
}

test('what a list says of a name is said of what that leads to, and of nothing else', async () => {
  const name = 'dns+h:1';
  const list = {
    addresses: [
      { address: name, labels: { dc: 'eu' } },
      { address: name, labels: { dc: 'us' }, isStrict: true },
    ],
  };
  let applied: readonly string[] = [];
  const wanted = new WantedEndpoints({
    apply: (specs) => {
      applied = [...specs.values()].map(({ address }) => address);
    },
  });
  const looked: string[] = [];
  const timers = new ManualTimers();
  const discovery = new EndpointDiscovery({
    wanted,
    sources: [sourceOf('list', list)],
    sourceOf: ({ text }, endpoints) => {
      looked.push(text);
      return { ...sourceOf(text, { addresses: [{ address: '10.0.0.1:1' }] }), endpoints };
    },
    maxRetryMs: 1000,
    clock: { now: () => 0, monotonic: () => 0 },
    timers,
  });
  await discovery.start();
  assert.deepEqual(applied, ['eu/10.0.0.1:1', 'us/10.0.0.1:1!']);
  assert.deepEqual(looked, [name, name]);
  list.addresses = [{ address: name, labels: { dc: 'eu' } }];
  await timers.fire(1000);
  await settled();
  assert.deepEqual(applied, ['eu/10.0.0.1:1']);
  assert.equal(looked.length, 2, 'the name that stays is not looked up as a new one');
  discovery.close();
});
