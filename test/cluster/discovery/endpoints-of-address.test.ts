import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndpointDiscovery, MOST_ADDRESSES } from '../../../src/cluster/discovery/discovery.ts';
import { WantedEndpoints } from '../../../src/cluster/wanted-endpoints.ts';
import { success } from '../../../src/model/result.ts';
import { ManualTimers } from '../../support/manual-timers.ts';

/** What is said of a source whose addresses each make so many endpoints. */
async function problemOf(ofEach: number): Promise<string | undefined> {
  const addresses = Array.from({ length: MOST_ADDRESSES / 2 }, (_, i) => ({
    address: `a:${i}`,
    serverName: undefined,
  }));
  const discovery = new EndpointDiscovery({
    wanted: new WantedEndpoints({ apply: () => undefined }),
    sources: [
      {
        name: 'list',
        find: async () => success({ addresses, validMs: 60_000 }),
        endpoints: Object.assign(() => [], { ofEach }),
      },
    ],
    sourceOf: () => assert.fail(),
    maxRetryMs: 60_000,
    clock: { now: () => 0, monotonic: () => 0 },
    timers: new ManualTimers(),
  });
  await discovery.start();
  discovery.close();
  return discovery.status()[0]!.problem;
}

test('each endpoint that is made of an address counts', async () => {
  assert.equal(await problemOf(2), undefined);
  assert.match(
    (await problemOf(3))!,
    /^list tells addresses of 1500 endpoints, one of each tenant, with 0 of other sources; at most 1000 are followed/,
  );
});
