import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldTree } from '../../src/promql/fold-tree.ts';

interface Node {
  readonly name: string;
  readonly children: readonly Node[];
}

const leaf = (name: string): Node => ({ name, children: [] });

test('children are folded from left to right before their parent', () => {
  const tree = { name: 'a', children: [{ name: 'b', children: [leaf('c'), leaf('d')] }, leaf('e')] };
  const order: string[] = [];
  const text = foldTree<Node, string>(
    tree,
    (node) => node.children,
    (node, results) => {
      order.push(node.name);
      return `${node.name}(${results.join(' ')})`;
    },
  );
  assert.equal(text, 'a(b(c() d()) e())');
  assert.deepEqual(order, ['c', 'd', 'b', 'e', 'a']);
});

test('depth costs no stack', () => {
  let tree = leaf('0');
  for (let i = 0; i < 200_000; i++) tree = { name: '', children: [tree] };
  const depth = foldTree<Node, number>(
    tree,
    (node) => node.children,
    (_node, [below = 0]) => below + 1,
  );
  assert.equal(depth, 200_001);
});

test('nodes made on the way down carry what the parent knows', () => {
  const depths = foldTree<{ node: Node; depth: number }, readonly number[]>(
    { node: { name: 'a', children: [leaf('b'), { name: 'c', children: [leaf('d')] }] }, depth: 0 },
    ({ node, depth }) => node.children.map((child) => ({ node: child, depth: depth + 1 })),
    ({ depth }, results) => [...results.flat(), depth],
  );
  assert.deepEqual(depths, [1, 2, 1, 0]);
});
