import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SampleColumns } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { findChanges, originsOf } from '../../../src/select/explaining/explain-origins.ts';
import { columnsOf } from '../support.ts';

type Samples = readonly (readonly [t: number, v: number | 'stale'])[];

/** Markers are copied from typed array to typed array, which keeps their bits. */
function columnsWithMarkers(samples: Samples): SampleColumns {
  const columns = columnsOf(samples.map(([t, v]) => [t, v === 'stale' ? 0 : v] as const));
  const marker = Float64Array.of(STALE_NAN);
  for (const [i, [, v]] of samples.entries()) if (v === 'stale') columns.v.set(marker, i);
  return columns;
}

const origins = (answer: Samples, replicas: readonly Samples[], chosen: number): readonly number[] => [
  ...originsOf(columnsWithMarkers(answer), replicas.map(columnsWithMarkers), () => chosen),
];

test('a sample comes from the replica that has its time and value', () => {
  const a = [[1, 10] as const, [3, 30] as const];
  const b = [[1, 11] as const, [2, 20] as const];
  assert.deepEqual(
    origins(
      [
        [1, 11],
        [2, 20],
        [3, 30],
      ],
      [a, b],
      0,
    ),
    [1, 1, 0],
  );
});

test('of replicas that agree bit for bit it is the chosen one, else the first', () => {
  const same: Samples = [[1, Number.NaN]];
  assert.deepEqual(origins(same, [same, same], 1), [1]);
  assert.deepEqual(origins(same, [same, same], -1), [0]);
});

test('a stale marker comes from a marker and NaN from NaN', () => {
  assert.deepEqual(origins([[1, 'stale']], [[[1, Number.NaN]], [[1, 'stale']]], 0), [1]);
  assert.deepEqual(origins([[1, Number.NaN]], [[[1, 'stale']], [[1, Number.NaN]]], 0), [1]);
});

test('a value that was adjusted comes from a replica with its time', () => {
  assert.deepEqual(origins([[2, 7]], [[[1, 7]], [[2, 5]]], 0), [1]);
});

test('where the range cuts a run, the whole of it decides', () => {
  const answer = columnsWithMarkers([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
  const chosen = [0, 1, 1];
  const from = Int32Array.of(0, 0, 1);
  assert.deepEqual(
    findChanges(answer, from, [1, 3], (t) => chosen[t - 1]!),
    { switches: 1, holesFilled: 0, fillings: Uint8Array.of(0, 0, 0) },
  );
});

test('a run of a replica that was chosen nowhere fills a hole, others are switches; markers are neither', () => {
  const answer = columnsWithMarkers([
    [1, 1],
    [2, 1],
    [3, 'stale'],
    [4, 1],
    [5, 1],
    [6, 1],
  ]);
  const changes = (from: readonly number[], chosen: readonly number[], range: readonly [number, number]) => {
    const found = findChanges(answer, Int32Array.from(from), range, (t) => chosen[t - 1]!);
    return [found.switches, found.holesFilled, found.fillings.join('')];
  };
  const all = [0, 6] as const;
  assert.deepEqual(changes([0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], all), [0, 0, '000000']);
  assert.deepEqual(changes([0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0], all), [0, 1, '000100']);
  assert.deepEqual(changes([0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0], [0, 3]), [0, 0, '000200']);
  assert.deepEqual(changes([0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 1, 0], all), [2, 0, '000000']);
  assert.deepEqual(changes([0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 1, 0], [0, 5]), [1, 0, '000000']);
});

test('a hole before the range is not counted where only its marker is in the range', () => {
  const answer = columnsWithMarkers([
    [1, 1],
    [2, 1],
    [3, 'stale'],
    [4, 1],
  ]);
  const holes = (range: readonly [number, number]) =>
    findChanges(answer, Int32Array.of(0, 1, 1, 0), range, () => 0).holesFilled;
  assert.deepEqual([holes([1, 4]), holes([2, 4])], [1, 0]);
});
