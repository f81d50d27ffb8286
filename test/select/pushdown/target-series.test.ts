import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SteadyTargets } from '../../../src/cluster/coverage/steady-targets.ts';
import { hasAsMany, joinSeries } from '../../../src/select/pushdown/target-series.ts';

/** Target 0 goes on, though its last known scrape is a little old; target 1 ended at 50 s. */
const STEADY: SteadyTargets = {
  until: 200_000,
  intervals: Float64Array.of(15_000, 15_000),
  firsts: Float64Array.of(0, 0),
  lasts: Float64Array.of(180_000, 50_000),
  leads: new Float64Array(2),
  tails: new Float64Array(2),
  others: [],
  inVain: new Set<number>(),
  allUntil: 0,
  interrupted: new Map(),
};
const FIRST = new Map([
  [0, 10],
  [1, 4],
]);

test('each target that is wanted has to have as many series as before, if it did not end before the range', () => {
  const hasAll = (
    series: readonly number[],
    time: number,
    isWanted: (target: number) => boolean = () => true,
  ): boolean => hasAsMany(STEADY, new Map(series.entries()), Uint32Array.of(10, 4), isWanted, time);
  assert.ok(hasAll([10, 4], 40_000));
  assert.ok(hasAll([11, 4], 40_000));
  assert.ok(!hasAll([14], 40_000));
  assert.ok(!hasAll([9, 5], 40_000));
  assert.ok(hasAll([10], 51_000));
  assert.ok(hasAll([10], 40_000, (target) => target === 0));
  // Of what goes on it is not known when it was scraped last.
  assert.ok(!hasAll([9, 4], 190_000));
});

test('a second look adds to what a first one showed of targets that ended before it', () => {
  const joined = joinSeries(FIRST, new Map([[0, 11]]), STEADY, 100_000);
  assert.deepEqual(
    joined,
    new Map([
      [0, 11],
      [1, 4],
    ]),
  );
});

test('a target that has fewer series at a second look ended some of them', () => {
  assert.equal(joinSeries(FIRST, new Map([[0, 9]]), STEADY, 190_000), undefined);
  assert.equal(joinSeries(FIRST, new Map([[0, 10]]), STEADY, 49_000), undefined);
});
