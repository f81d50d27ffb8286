import { encodeObject } from './object.ts';

/**
 * Nested JSON objects of a tree that is a list, each node before those below it. What is below a node stands in its last member,
 * `children`, which is left out where there is nothing. Does not recur.
 * @param members of a node, as JSON text; at least one.
 */
export function* encodeTree<T extends { readonly level: number }>(
  nodes: readonly T[],
  members: (node: T) => Readonly<Record<string, string | undefined>>,
): Generator<string> {
  for (const [i, node] of nodes.entries()) {
    yield encodeObject(members(node)).slice(0, -1);
    const next = nodes[i + 1]?.level ?? 0;
    if (next > node.level) yield ',"children":[';
    else yield `}${']}'.repeat(node.level - next)}${i + 1 < nodes.length ? ',' : ''}`;
  }
}
