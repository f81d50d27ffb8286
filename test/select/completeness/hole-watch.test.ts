import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { HoleWatch } from '../../../src/select/completeness/hole-watch.ts';
import type { SeriesGroup } from '../../../src/select/reading/replica-data.ts';
import { columnsOf, memoryEndpoint, type Samples } from '../support.ts';

const RANGE = { minTime: 0, maxTime: 3_000_000 };
const ALL: Samples = Array.from({ length: 200 }, (_, i) => [15_000 * (i + 1), i] as const);
const without = (from: number, to: number): Samples => ALL.filter(([t]) => t < from || t > to);
const ABOVE = new Set(['r']);

function group(replica: string, shard = 's'): SeriesGroup {
  const endpoint = memoryEndpoint(`${replica}:1`, {}, []);
  return {
    labels: labelsFromRecord({ __name__: 'm', r: replica }),
    metricName: 'm',
    range: { ...RANGE, completeUntil: RANGE.maxTime },
    replicas: [{ endpoint, shard, name: replica, pieces: [], downsampled: undefined }],
  };
}

test('shards that are not watched are not looked at', () => {
  const watch = new HoleWatch(RANGE, new Set());
  watch.look(group('a'), columnsOf(without(600_000, 900_000)));
  assert.equal(watch.wants(group('a')), false);
  assert.equal(watch.holeIn('s'), undefined);
});

test('the first hole of a watched shard is enough', () => {
  const watch = new HoleWatch(RANGE, new Set());
  watch.watch('s');
  watch.look(group('a'), columnsOf(ALL));
  assert.equal(watch.wants(group('b')), true);
  watch.look(group('b'), columnsOf(without(600_000, 900_000)));
  assert.equal(watch.wants(group('c')), false);
  const { from, to } = watch.holeIn('s')!;
  assert.deepEqual([from, to], [585_000, 915_000]);
});

test('where the caller merges replicas, a hole that another one fills is none', () => {
  const watch = new HoleWatch(RANGE, ABOVE);
  watch.watch('s');
  watch.look(group('a'), columnsOf(without(600_000, 900_000)));
  watch.look(group('b'), columnsOf(without(1_500_000, 1_800_000)));
  assert.equal(watch.holeIn('s'), undefined);
});

test('where the caller merges replicas, a hole that all of them have is one', () => {
  const watch = new HoleWatch(RANGE, ABOVE);
  watch.watch('s');
  watch.look(group('a'), columnsOf(without(600_000, 900_000)));
  watch.look(group('b'), columnsOf(without(700_000, 800_000)));
  watch.look(group('c'), columnsOf(ALL.filter(([t]) => t > 1_000_000)));
  assert.equal(watch.holeIn('s')?.from, 585_000);
});

test('a series that several shards have is looked at for each of them', () => {
  const watch = new HoleWatch(RANGE, new Set());
  watch.watch('t');
  const both = { ...group('a'), replicas: [...group('a', 's').replicas, ...group('b', 't').replicas] };
  assert.equal(watch.wants(both), true);
  watch.look(both, columnsOf(without(600_000, 900_000)));
  assert.equal(watch.holeIn('t')?.from, 585_000);
  assert.equal(watch.holeIn('s'), undefined);
});
