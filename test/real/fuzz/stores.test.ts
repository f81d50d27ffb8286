import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLabels } from '../../../src/model/format-labels.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { Store } from '../../bench/e2e/workload/stores.ts';
import { makeStores } from './stores.ts';

/** The values of a store by labels and time, as text; a stale marker is a NaN like any other here. */
function samplesOf(store: Store): ReadonlyMap<string, string> {
  const samples = new Map<string, string>();
  for (const { target, labels, signal } of store.series()) {
    const { __replica__: _, ...external } = store.externalLabels;
    const name = formatLabels(labelsFromRecord({ ...labels, ...external }));
    for (const time of store.scrapes(target)) samples.set(`${name}@${time}`, JSON.stringify(signal(time)));
  }
  return samples;
}

/** What a replica counts itself: after it was away, all series are new to it. */
const ITS_OWN = /^\{__name__="scrape_series_added"/;

test('replicas lack some samples, and together they have exactly those of the server without gaps', () => {
  const { replicas, direct } = makeStores(1);
  const wanted = samplesOf(direct);
  const together = new Set<string>();
  for (const store of replicas) {
    const held = samplesOf(store);
    const ofShard = `cluster="${store.externalLabels['cluster']}"`;
    const all = [...wanted.keys()].filter((key) => key.includes(ofShard));
    assert.ok(
      held.size < all.length && held.size > all.length / 2,
      `${store.name} has ${held.size} of ${all.length}`,
    );
    for (const [key, value] of held) {
      together.add(key);
      assert.ok(wanted.has(key), `${store.name} ${key}`);
      if (!ITS_OWN.test(key)) assert.equal(value, wanted.get(key), `${store.name} ${key}`);
    }
  }
  assert.equal(together.size, wanted.size);
});

test('the same seed makes the same data, and another seed makes others', () => {
  const [one, again, other] = [1, 1, 2].map((seed) => samplesOf(makeStores(seed).direct));
  assert.deepEqual(again, one);
  assert.notDeepEqual(other, one);
});
