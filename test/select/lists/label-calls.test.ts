import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import { openBudget } from '../../../src/model/budget.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../src/model/labels.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { SortedSets } from '../../../src/wire/batch/lists/sorted-sets.ts';
import {
  coveredBy,
  scopeOf,
  columnsSeries,
  endpointOf,
  failingEndpoint,
  memoryEndpoint,
  messages,
  selectionOf,
} from '../support.ts';

const ALL = { matcherSets: [], minTime: 0, maxTime: 10_000, limit: 0 };

function twoShards() {
  const shard = (name: string, ...replicas: readonly string[]) =>
    replicas.map((replica) =>
      memoryEndpoint(`${name}${replica}:1`, { shard: name, __replica__: replica }, [
        columnsSeries({ __name__: 'up', job: `job${name}` }, [[1000, 1]]),
      ]),
    );
  return selectionOf(...shard('1', 'b', 'a'), ...shard('0', 'a'));
}

test('series of replicas count once, sorted', async () => {
  const { items, annotations } = await twoShards().series(scopeOf(), ALL);
  assert.deepEqual(
    Array.from(items, (labels) => labels.join(' ')),
    ['__name__ up job job0 shard 0', '__name__ up job job1 shard 1'],
  );
  assert.deepEqual(annotations, []);
});

test('the label sets of a list count until the request ends, each once', async () => {
  const scope = scopeOf();
  const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
  await twoShards().series({ ...scope, budget }, ALL);
  // Two sets of three labels, of four different ones, in columns that have room for more.
  assert.ok(budget.held > 4 * 16 && budget.held < 6144, `${budget.held} bytes`);
  budget.release();
  assert.equal(budget.held, 0);
});

for (const isKept of [false, true])
  test(`a list of series ${isKept ? 'that somebody keeps outlives' : 'is freed at the end of'} its request`, async () => {
    const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 0 });
    const { items } = await twoShards().series({ ...scopeOf(), budget }, ALL);
    assert.ok(items instanceof SortedSets);
    if (isKept) items.keep();
    const { size } = items.sets.table;
    const before = [...items];
    budget.release();
    assert.equal(items.sets.table.size, isKept ? size : 0);
    if (isKept) assert.deepEqual([...items], before);
  });

test('series without deduplication show the replicas', async () => {
  const { items } = await twoShards().series(scopeOf({ dedup: false }), ALL);
  assert.equal(items.length, 3);
});

test('label names hide replica labels and are sorted', async () => {
  const { items } = await twoShards().labelNames(scopeOf(), ALL);
  assert.deepEqual(items, ['__name__', 'job', 'shard']);
});

test('values of an external label come from all shards', async () => {
  assert.deepEqual([...(await twoShards().labelValues(scopeOf(), 'shard', ALL)).items], ['0', '1']);
});

test('values of a replica label are hidden with the label', async () => {
  assert.deepEqual([...(await twoShards().labelValues(scopeOf(), '__replica__', ALL)).items], []);
  const shown = { dedup: false };
  assert.deepEqual(
    [...(await twoShards().labelValues(scopeOf(shown), '__replica__', ALL)).items],
    ['a', 'b'],
  );
});

test('matchers on external labels choose the endpoints of each alternative', async () => {
  const matcherSets = [
    [
      { kind: '=', name: 'shard', value: '0' },
      { kind: '=', name: 'job', value: 'job0' },
    ],
    [
      { kind: '=', name: 'shard', value: '1' },
      { kind: '=', name: 'job', value: 'job0' },
    ],
  ] as const;
  const { items } = await twoShards().labelValues(scopeOf(), 'job', { ...ALL, matcherSets });
  assert.deepEqual([...items], ['job0']);
});

test('a list over the limit is cut, with a warning', async () => {
  const { items, annotations } = await twoShards().labelNames(scopeOf(), { ...ALL, limit: 2 });
  assert.deepEqual(items, ['__name__', 'job']);
  assert.deepEqual(messages(annotations), ['warning: results truncated due to limit']);
});

test('an endpoint over several replicas is asked for as many series as become those of the limit', async () => {
  const replicas = ['a', 'b'].map((replica) => labelsFromRecord({ __replica__: replica }));
  const querier = endpointOf(
    createMemoryBackend({
      address: 'q:1',
      externalLabels: EMPTY_LABELS,
      series: Array.from({ length: 40 }, (_, i) =>
        columnsSeries({ __name__: 'm', i: String(Math.floor(i / 2) + 10), __replica__: 'ab'[i % 2]! }, [
          [1000, 1],
        ]),
      ),
    }),
    EMPTY_LABELS,
    { labelSets: replicas },
  );
  const { items, annotations } = await selectionOf(querier).series(scopeOf(), { ...ALL, limit: 10 });
  assert.equal(items.length, 10);
  assert.deepEqual(messages(annotations), ['warning: results truncated due to limit']);
});

test('a lost shard is named, or an error without partial response', async () => {
  const selection = selectionOf(failingEndpoint('a:1', { shard: '0' }));
  const { annotations } = await selection.labelNames(scopeOf(), ALL);
  assert.match(messages(annotations)[0]!, /^warning: shard \{shard="0"\} is missing/);
  await assert.rejects(selection.series(scopeOf({ partialResponse: false }), ALL), {
    kind: 'unavailable',
  });
});

test('where each replica is shown, the series of a lost one are missing, whatever its sibling has', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { __replica__: 'a' }, [columnsSeries({ __name__: 'up' }, [[1000, 1]])]),
    failingEndpoint('b:1', { __replica__: 'b' }, coveredBy('a:1')),
  );
  const together = await selection.series(scopeOf(), ALL);
  assert.match(messages(together.annotations).join(), /^info: .*nothing is missing/);
  const each = await selection.series(scopeOf({ dedup: false }), ALL);
  assert.match(messages(each.annotations).join(), /^warning: shard \{__replica__="b"\} is missing/);
});
