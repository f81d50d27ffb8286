import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckedRanges } from '../../../src/select/pushdown/checked-ranges.ts';

const CHECKED = { from: 1000, to: 5000, series: 10, states: 'as ever' };

test('what was checked counts in the same state, as far back, and with as many series', () => {
  const ranges = new CheckedRanges();
  ranges.put('a', CHECKED);
  assert.deepEqual(ranges.get('a', 'as ever', 1000, 10), CHECKED);
  assert.equal(ranges.get('b', 'as ever', 1000, 10), undefined);
  assert.equal(ranges.get('a', 'changed', 1000, 10), undefined);
  assert.equal(ranges.get('a', 'as ever', 999, 10), undefined);
  assert.equal(ranges.get('a', 'as ever', 1000, 11), undefined);
  ranges.forget('a');
  assert.equal(ranges.get('a', 'as ever', 1000, 10), undefined);
});

test('of more selectors than are remembered the oldest is forgotten', () => {
  const ranges = new CheckedRanges();
  for (let i = 0; i <= 1000; i++) ranges.put(String(i), CHECKED);
  assert.equal(ranges.get('0', 'as ever', 1000, 10), undefined);
  assert.deepEqual(ranges.get('1000', 'as ever', 1000, 10), CHECKED);
});

test('a range without any settled time is not worth remembering', () => {
  const ranges = new CheckedRanges();
  ranges.put('a', { ...CHECKED, to: 1000 });
  assert.equal(ranges.get('a', 'as ever', 1000, 0), undefined);
});
