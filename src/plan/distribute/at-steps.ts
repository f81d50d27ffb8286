import { foldTree } from '../../promql/fold-tree.ts';
import { planChildren, withChildren, type PlanNode } from '../plan-node.ts';

interface Site {
  readonly node: PlanNode;
  /** Whether it is evaluated at the steps of the query, is no parameter, and has no `limitk` around it. */
  readonly isAtSteps: boolean;
}

/**
 * Rewrites the nodes that are evaluated at each step of the query, from the leaves to the root. What has steps of its own (subqueries,
 * and what is the same at every step) stays, and so do parameters of aggregations and what was rewritten before. So does what is below
 * `limitk`, which takes the series that come first: groups come in another order where servers computed parts of them.
 */
export function atSteps(root: PlanNode, rewrite: (node: PlanNode) => PlanNode): PlanNode {
  return foldTree<Site, PlanNode>(
    { node: root, isAtSteps: true },
    sitesBelow,
    ({ node, isAtSteps }, children) => {
      const kept = withChildren(node, children);
      return isAtSteps ? rewrite(kept) : kept;
    },
  );
}

function sitesBelow({ node, isAtSteps }: Site): readonly Site[] {
  return planChildren(node).map((child) => ({
    node: child,
    isAtSteps: isAtSteps && keepsSteps(node, child),
  }));
}

function keepsSteps(node: PlanNode, child: PlanNode): boolean {
  switch (node.kind) {
    case 'subquery':
    case 'stepInvariant':
    case 'info':
    case 'merge':
      return false;
    case 'average':
      return child === node.quotient;
    case 'aggregate':
      return child === node.child && node.op !== 'limitk';
    default:
      return true;
  }
}
