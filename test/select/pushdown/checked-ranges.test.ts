import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TargetTable } from '../../../src/cluster/coverage/target-table.ts';
import { CheckedRanges, type Checked } from '../../../src/select/pushdown/checked-ranges.ts';

const TARGETS = new TargetTable(new Set());
const CHECKED: Checked = {
  from: 1000,
  to: 5000,
  series: new Map([[0, 10]]),
  targets: TARGETS,
  isScraped: true,
  countedAt: 5000,
  states: 'as ever',
};

test('what was checked counts in the same state, of the same targets, and as far back', () => {
  const ranges = new CheckedRanges();
  ranges.put('a', CHECKED);
  assert.deepEqual(ranges.get('a', 'as ever', TARGETS, 1000), CHECKED);
  assert.equal(ranges.get('b', 'as ever', TARGETS, 1000), undefined);
  assert.equal(ranges.get('a', 'changed', TARGETS, 1000), undefined);
  assert.equal(ranges.get('a', 'as ever', new TargetTable(new Set()), 1000), undefined);
  assert.equal(ranges.get('a', 'as ever', TARGETS, 999), undefined);
  ranges.forget('a');
  assert.equal(ranges.get('a', 'as ever', TARGETS, 1000), undefined);
});

test('of times between two ranges that were checked nothing is known', () => {
  const ranges = new CheckedRanges();
  const later = { ...CHECKED, from: 8000, to: 9000 };
  ranges.put('a', CHECKED);
  ranges.put('a', later);
  assert.deepEqual(ranges.get('a', 'as ever', TARGETS, 5000), CHECKED);
  assert.equal(ranges.get('a', 'as ever', TARGETS, 5001), undefined);
  assert.equal(ranges.get('a', 'as ever', TARGETS, 7999), undefined);
  assert.deepEqual(ranges.get('a', 'as ever', TARGETS, 8000), later);
  const longest = { ...CHECKED, from: 2000, to: 9500 };
  ranges.put('a', longest);
  assert.deepEqual(ranges.get('a', 'as ever', TARGETS, 8000), longest);
  assert.deepEqual(ranges.get('a', 'as ever', TARGETS, 1500), CHECKED);
});

test('of one selector some ranges are remembered, the newest ones', () => {
  const ranges = new CheckedRanges();
  for (let i = 0; i <= 16; i++) ranges.put('a', { ...CHECKED, from: 100 * i, to: 100 * i + 50 });
  assert.equal(ranges.get('a', 'as ever', TARGETS, 0), undefined);
  assert.ok(ranges.get('a', 'as ever', TARGETS, 100));
  assert.ok(ranges.get('a', 'as ever', TARGETS, 1600));
});

test('of more than there is memory for, the oldest is forgotten', () => {
  const ranges = new CheckedRanges(50_000);
  for (let i = 0; i <= 200; i++) ranges.put(String(i), CHECKED);
  assert.equal(ranges.get('0', 'as ever', TARGETS, 1000), undefined);
  assert.deepEqual(ranges.get('200', 'as ever', TARGETS, 1000), CHECKED);
  const series = new Map(Array.from({ length: 1000 }, (_, target) => [target, 1]));
  ranges.put('many', { ...CHECKED, series });
  assert.equal(ranges.get('many', 'as ever', TARGETS, 1000), undefined);
});

test('a range without any settled time is not worth remembering', () => {
  const ranges = new CheckedRanges();
  ranges.put('a', { ...CHECKED, to: 1000 });
  assert.equal(ranges.get('a', 'as ever', TARGETS, 1000), undefined);
});
