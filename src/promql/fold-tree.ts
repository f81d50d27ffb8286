/** A node whose children are being folded. */
interface Frame<N, R> {
  readonly node: N;
  readonly children: readonly N[];
  readonly results: R[];
}

/**
 * Computes a value bottom-up over a tree without recursion, so that no depth of nesting can overflow the stack.
 * `childrenOf` may make its nodes as it goes, which is how a value is handed down: nodes are then pairs.
 */
export function foldTree<N, R>(
  root: N,
  childrenOf: (node: N) => readonly N[],
  combine: (node: N, results: readonly R[]) => R,
): R {
  const enter = (node: N): Frame<N, R> => ({ node, children: childrenOf(node), results: [] });
  const above: Frame<N, R>[] = [];
  let frame = enter(root);
  for (;;) {
    if (frame.results.length < frame.children.length) {
      above.push(frame);
      frame = enter(frame.children[frame.results.length]!);
      continue;
    }
    const result = combine(frame.node, frame.results);
    const parent = above.pop();
    if (parent === undefined) return result;
    parent.results.push(result);
    frame = parent;
  }
}
