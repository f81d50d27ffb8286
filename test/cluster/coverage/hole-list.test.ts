import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoleList } from '../../../src/cluster/coverage/hole-list.ts';

const INTERVAL = 15;

test('holes that targets have at the same time are one', () => {
  const holes = new HoleList();
  for (const target of [1, 2, 3, 4])
    holes.add(target, { from: 100 + target, to: 200 + target, kind: 'away', interval: INTERVAL }, [0]);
  holes.add(4, { from: 500, to: 600, kind: 'gone', interval: INTERVAL });
  assert.deepEqual(holes.list(), [
    { from: 101, to: 204, kind: 'away', targets: 4, examples: [1, 2, 3], heldBy: [0] },
    { from: 500, to: 600, kind: 'gone', targets: 1, examples: [4], heldBy: [] },
  ]);
  assert.deepEqual([holes.targets, holes.count, holes.end], [4, 5, 600]);
});

test('holes that begin or end apart, have another reason, or are held by others stay apart', () => {
  const holes = new HoleList();
  holes.add(1, { from: 100, to: 200, kind: 'away', interval: INTERVAL }, [0]);
  holes.add(2, { from: 100, to: 240, kind: 'away', interval: INTERVAL }, [0]);
  holes.add(3, { from: 60, to: 200, kind: 'away', interval: INTERVAL }, [0]);
  holes.add(4, { from: 100, to: 200, kind: 'failed', interval: INTERVAL }, [0]);
  holes.add(5, { from: 100, to: 200, kind: 'away', interval: INTERVAL }, [0, 1]);
  assert.deepEqual(
    holes.list().map(({ targets }) => targets),
    [1, 1, 1, 1, 1],
  );
});

test('of more holes than are kept, those that end last stay, and all are counted', () => {
  const holes = new HoleList(3);
  for (const from of [300, 0, 100, 200])
    holes.add(from, { from, to: from + 10, kind: 'away', interval: INTERVAL });
  assert.deepEqual(
    holes.list().map(({ from }) => from),
    [100, 200, 300],
  );
  assert.deepEqual([holes.count, holes.targets, holes.isEmpty], [4, 4, false]);
});
