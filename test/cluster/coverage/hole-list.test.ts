import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoleList } from '../../../src/cluster/coverage/hole-list.ts';

test('holes of several targets at the same time are one', () => {
  const holes = new HoleList();
  for (const target of [1, 2, 3, 4]) holes.add(target, 100 + target, 200 + target, 'away', [target % 2]);
  holes.add(4, 500, 600, 'gone', [0]);
  assert.deepEqual(holes.list(), [
    { from: 101, to: 204, kind: 'away', targets: 4, examples: [1, 2, 3], heldBy: [0, 1] },
    { from: 500, to: 600, kind: 'gone', targets: 1, examples: [4], heldBy: [0] },
  ]);
  assert.equal(holes.targets, 4);
});

test('one that reaches over others takes them in, and the gravest kind counts', () => {
  const holes = new HoleList();
  holes.add(1, 0, 10, 'failed');
  holes.add(1, 20, 30, 'away');
  holes.add(2, 5, 25, 'gone');
  assert.deepEqual(holes.list(), [
    { from: 0, to: 30, kind: 'away', targets: 2, examples: [1, 2], heldBy: [] },
  ]);
});

test('of more holes than are told, those that are nearest become one, and nothing is left out', () => {
  const holes = new HoleList(3);
  for (const from of [0, 100, 115, 300]) holes.add(from, from, from + 10, 'away');
  assert.deepEqual(
    holes.list().map(({ from, to, targets }) => [from, to, targets]),
    [
      [0, 10, 1],
      [100, 125, 2],
      [300, 310, 1],
    ],
  );
});
