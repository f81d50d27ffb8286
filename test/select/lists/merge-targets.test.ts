import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';
import type { ActiveTarget, TargetDiscovery } from '../../../src/model/targets.ts';
import { mergeTargets } from '../../../src/select/lists/merge-targets.ts';
import { testPacer } from '../../support/pace.ts';

const REPLICAS = new Set(['__replica__']);

function target(instance: string, replica: string, more: Partial<ActiveTarget> = {}): ActiveTarget {
  return {
    discoveredLabels: labelsFromRecord({ __address__: instance, __replica__: replica }),
    labels: labelsFromRecord({ instance, __replica__: replica }),
    scrapePool: 'p',
    scrapeUrl: `http://${instance}/metrics`,
    globalUrl: '',
    lastError: '',
    lastScrape: 5n,
    lastScrapeDuration: 0,
    health: 'up',
    scrapeInterval: '15s',
    scrapeTimeout: '10s',
    ...more,
  };
}

function discovery(...active: readonly ActiveTarget[]): TargetDiscovery {
  return { active, dropped: [], droppedCounts: undefined };
}

test('a target that one replica reaches is up', async () => {
  const down = target('x:1', 'a', { health: 'down', lastError: 'refused', lastScrape: 9n });
  for (const replicas of [
    [discovery(down), discovery(target('x:1', 'b'))],
    [discovery(target('x:1', 'b')), discovery(down)],
  ]) {
    const { active } = await mergeTargets([replicas], REPLICAS, testPacer());
    assert.deepEqual(
      active.map(({ health, lastError, labels }) => [health, lastError, labels.join('=')]),
      [['up', '', 'instance=x:1']],
    );
  }
});

test('of replicas that fare the same, the later scrape is shown', async () => {
  const late = target('x:1', 'a', { lastScrape: 9n, discoveredLabels: EMPTY_LABELS });
  const { active } = await mergeTargets(
    [[discovery(late), discovery(target('x:1', 'b'))]],
    REPLICAS,
    testPacer(),
  );
  assert.deepEqual(
    active.map(({ lastScrape }) => lastScrape),
    [9n],
  );
});

test('with their replica labels both are shown, sorted', async () => {
  const { active } = await mergeTargets(
    [[discovery(target('x:1', 'b')), discovery(target('x:1', 'a'))]],
    new Set(),
    testPacer(),
  );
  assert.deepEqual(
    active.map(({ labels }) => labels[1]),
    ['a', 'b'],
  );
});

test('dropped targets once; their counts are the largest of a shard, and add up over shards', async () => {
  const dropped = (replica: string, count: number): TargetDiscovery => ({
    active: [],
    dropped: [{ discoveredLabels: labelsFromRecord({ a: 'b', __replica__: replica }), scrapePool: 'p' }],
    droppedCounts: new Map([
      ['p', count],
      ['o', 0],
    ]),
  });
  const shards = [[dropped('a', 3), dropped('b', 4)], [dropped('a', 10)], [discovery()]];
  const merged = await mergeTargets(shards, REPLICAS, testPacer());
  assert.equal(merged.dropped.length, 1);
  assert.deepEqual([...merged.droppedCounts!], Object.entries({ o: 0, p: 14 }));
  assert.equal((await mergeTargets(shards, new Set(), testPacer())).droppedCounts!.get('p'), 17);
});

test('without counts there are none', async () => {
  assert.equal((await mergeTargets([[discovery()]], REPLICAS, testPacer())).droppedCounts, undefined);
});
