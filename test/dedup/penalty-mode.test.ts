import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, merge } from './of.ts';
import type { Sample } from './of.ts';

const PENALTY = { mode: 'penalty' } as const;

test('the replica that starts earlier is kept while it has samples', () => {
  assert.equal(merge([every(10, 1, 40, () => 1), every(10, 0, 40, () => 2)], PENALTY), '0=2 10=2 20=2 30=2');
});

test('one missed scrape is not filled', () => {
  assert.equal(
    merge(
      [
        [
          [0, 1],
          [10, 1],
          [30, 1],
        ],
        every(10, 5, 40, () => 2),
      ],
      PENALTY,
    ),
    '0=1 10=1 30=1',
  );
});

test('behind a gap of more than two spacings the other replica goes on, late', () => {
  const merged = merge(
    [[...every(10, 0, 30, () => 1), [60, 1], [70, 1]], every(10, 1, 70, () => 2)],
    PENALTY,
  );
  assert.equal(merged, '0=1 10=1 20=1 41=2 51=2 61=2');
});

test('for a counter a lower value behind a change is raised, and all that follow with it', () => {
  const replicas = [every(10, 0, 30, (s) => 100 + s), every(10, 1, 70, (s) => s)];
  assert.equal(merge(replicas, PENALTY), '0=100 10=110 20=120 41=41 51=51 61=61');
  assert.equal(merge(replicas, { ...PENALTY, counter: true }), '0=100 10=110 20=120 41=120 51=130 61=140');
});

test('for a counter the resets of each replica are evened out before they are merged, and stale markers taken out', () => {
  const first: Sample[] = [
    [0, 8],
    [10, 9],
    [20, 2],
    [30, 'stale'],
    [40, 4],
  ];
  const second: Sample[] = first.map(([s, v]) => [s + 1, v]);
  assert.equal(merge([first, second], PENALTY), '0=8 10=9 20=2 30=stale 40=4');
  assert.equal(merge([first, second], { ...PENALTY, counter: true }), '0=8 10=9 20=11 40=13');
});
