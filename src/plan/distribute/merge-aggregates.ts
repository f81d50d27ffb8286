import type { AggregateOp } from '../../promql/ast.ts';
import type { PlanNode } from '../plan-node.ts';
import { atSteps } from './at-steps.ts';
import { pushableSelector } from './pushable.ts';

/** The aggregations whose results over parts of the series make that over all. */
const MERGED: ReadonlySet<AggregateOp> = new Set<AggregateOp>(['sum', 'count', 'min', 'max', 'group']);

/** Lets servers compute parts of aggregations: `sum(x)` becomes `merge(sum(x))`. */
export function mergeAggregates(root: PlanNode): PlanNode {
  return atSteps(root, (node) =>
    node.kind === 'aggregate' && MERGED.has(node.op) && pushableSelector(node.child) !== undefined
      ? { kind: 'merge', at: node.at, child: node, select: -1, partial: -1 }
      : node,
  );
}
