import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from './of.ts';

const CHAIN = { mode: 'chain' } as const;

test('every distinct timestamp is kept', () => {
  const merged = merge(
    [
      [
        [0, 1],
        [10, 2],
        [20, 3],
      ],
      [
        [5, 4],
        [20, 5],
        [30, 6],
      ],
    ],
    CHAIN,
  );
  assert.equal(merged, '0=1 5=4 10=2 20=3 30=6');
});

test('of equal timestamps the first replica by name wins', () => {
  assert.equal(merge([[[0, 1]], [[0, 2]], [[0, 3]]], CHAIN), '0=1');
});

test('stale markers are samples', () => {
  assert.equal(
    merge(
      [
        [
          [0, 1],
          [15, 'stale'],
        ],
        [[5, 2]],
      ],
      CHAIN,
    ),
    '0=1 5=2 15=stale',
  );
});
