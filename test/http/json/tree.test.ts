import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTree } from '../../../src/http/json/tree.ts';

/** Nodes by their levels, named by their places. */
function treeOf(levels: readonly number[]): unknown {
  const nodes = levels.map((level, i) => ({ level, name: String(i) }));
  return JSON.parse([...encodeTree(nodes, ({ name }) => ({ name, none: undefined }))].join(''));
}

test('one node stands alone', () => {
  assert.deepEqual(treeOf([0]), { name: 0 });
});

test('what is below a node is a list in it', () => {
  assert.deepEqual(treeOf([0, 1, 2, 2, 1, 2, 3]), {
    name: 0,
    children: [
      { name: 1, children: [{ name: 2 }, { name: 3 }] },
      { name: 4, children: [{ name: 5, children: [{ name: 6 }] }] },
    ],
  });
});

test('a tree of many levels does not overflow the stack', () => {
  const nodes = Array.from({ length: 100_000 }, (_, level) => ({ level }));
  let text = 0;
  for (const piece of encodeTree(nodes, () => ({ a: '1' }))) text += piece.length;
  assert.ok(text > 1_000_000);
});
