import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureList, type ListLoad } from '../support/load/list-load.ts';

/**
 * A fifth of what `npm run bench -- lists` asks for. What an item of two replicas may take, bytes, leaves room for machines that collect
 * garbage late.
 */
const LISTS: readonly (ListLoad & { readonly mostPerItem: number })[] = [
  { list: 'series', count: 100_000, mostPerItem: 600 },
  { list: 'values', count: 500_000, mostPerItem: 160 },
];

for (const { mostPerItem, ...load } of LISTS)
  test(`a list of ${load.count} ${load.list} of two replicas takes little memory`, async (t) => {
    const { items, restBytes, peakBytes } = await measureList(load);
    assert.equal(items, load.count);
    const perItem = (peakBytes - restBytes) / load.count;
    t.diagnostic(`${Math.round(restBytes / 1e6)} MB before, ${Math.round(perItem)} bytes an item`);
    assert.ok(perItem < mostPerItem, `${perItem} bytes an item`);
  });
