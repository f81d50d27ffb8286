import { METRIC_NAME } from '../../model/labels.ts';
import type { VectorMatching } from '../../promql/ast.ts';
import type { AggregateNode, AverageNode, BinaryNode, PlanNode } from '../plan-node.ts';
import { atSteps } from './at-steps.ts';
import { pushableSelector } from './pushable.ts';

/** Both sides have the same groups. */
const BY_ALL_LABELS: VectorMatching = {
  cardinality: 'one-to-one',
  on: false,
  labels: [],
  include: [],
  fillLeft: undefined,
  fillRight: undefined,
};

/**
 * Takes averages apart, since averages of parts make none: `avg(x)` becomes `sum(x) / count(x)`, beside what it was. One that keeps the
 * names of metrics stays, because a quotient has none.
 */
export function splitAverages(root: PlanNode): PlanNode {
  return atSteps(root, (node) =>
    node.kind === 'aggregate' &&
    node.op === 'avg' &&
    !keepsName(node) &&
    pushableSelector(node.child) !== undefined
      ? averageOf(node)
      : node,
  );
}

function keepsName({ without, grouping }: AggregateNode): boolean {
  return !without && grouping.includes(METRIC_NAME);
}

function averageOf(whole: AggregateNode): AverageNode {
  const { at } = whole;
  const quotient: BinaryNode = {
    kind: 'binary',
    at,
    op: '/',
    left: { ...whole, op: 'sum' },
    right: { ...whole, op: 'count' },
    matching: BY_ALL_LABELS,
    returnBool: false,
    returns: 'vector',
  };
  return { kind: 'average', at, whole, quotient, select: -1 };
}
