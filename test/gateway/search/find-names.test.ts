import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookupRequest } from '../../../src/backend/backend.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import type { FoundNames, NameSearch } from '../../../src/gateway/search/find-names.ts';
import { remark } from '../../../src/model/annotations.ts';
import { MAX_TIME, MIN_TIME } from '../../../src/model/time-range.ts';
import type { Selection } from '../../../src/select/selection.ts';
import { originOf } from '../../support/open-requests.ts';
import { listOf, listsOf, partsOf, selectionOf } from '../support.ts';

const SEARCH: NameSearch = {
  label: '__name__',
  among: { selectors: [], minTime: MIN_TIME, maxTime: MAX_TIME },
  pattern: { terms: ['b'], algorithm: 'subsequence', threshold: 0, caseSensitive: true },
  order: 'ascending',
  limit: 2,
  withMetadata: false,
};

async function search(selection: Partial<Selection>, changed: Partial<NameSearch> = {}): Promise<FoundNames> {
  const gateway = createGateway(partsOf({ selection: selectionOf(selection) }));
  const { signal } = new AbortController();
  return gateway.searchNames(gateway.open({}, originOf(signal)), { ...SEARCH, ...changed });
}

test('the values of a label are searched, and the names of labels where none is named', async () => {
  const asked: (readonly [string | undefined, LookupRequest])[] = [];
  const selection: Partial<Selection> = {
    labelValues: async (_, label, request) => {
      asked.push([label, request]);
      return listOf('ab', 'b', 'c');
    },
    labelNames: async (_, request) => {
      asked.push([undefined, request]);
      return listOf('b1', 'b2', 'b3');
    },
  };
  const among = { selectors: ['up'], minTime: 5, maxTime: 6 };
  const found = await search(selection, { label: 'job', among });
  assert.deepEqual(
    found.names.map(({ value }) => value),
    ['ab', 'b'],
  );
  assert.equal(found.hasMore, false);
  assert.equal((await search(selection, { label: undefined, among })).hasMore, true);
  // All of them are asked for: the best may be the last ones.
  assert.deepEqual(
    asked.map(([label, { limit, minTime, maxTime }]) => [label, limit, minTime, maxTime]),
    [
      ['job', 0, 5, 6],
      [undefined, 0, 5, 6],
    ],
  );
  assert.equal(asked[0]![1].matcherSets.length, 1);
});

test('what is said first of each metric goes with it, and what is missing is told of both lists', async () => {
  const metrics: string[] = [];
  const lists = listsOf({
    metadata: async (_, { metric }) => {
      metrics.push(metric);
      const about = (name: string, help: string) => ({ metric: name, type: 'gauge', unit: '', help });
      return {
        items: [about('ab', 'one'), about('ab', 'two'), about('x', 'not found')],
        annotations: [remark('warning', 'no metadata of c')],
      };
    },
  });
  const named = { items: ['ab', 'b'], annotations: [remark('warning', 'no names of d')] };
  const found = await search({ labelValues: async () => named, lists }, { withMetadata: true });
  assert.deepEqual(
    [...found.metadata].map(([name, { help }]) => [name, help]),
    [['ab', 'one']],
  );
  assert.deepEqual(found.annotations, [
    remark('warning', 'no names of d'),
    remark('warning', 'no metadata of c'),
  ]);
  await search({ labelValues: async () => listOf('ab'), lists }, { withMetadata: true });
  await search({ labelValues: async () => listOf('c'), lists }, { withMetadata: true });
  assert.deepEqual(metrics, ['', 'ab']);
});
