import { foldTree } from '../promql/fold-tree.ts';
import {
  planChildren,
  planType,
  withChildren,
  type CallNode,
  type PlanNode,
  type TimeShift,
} from './plan-node.ts';

/** Functions of the evaluation time itself: the same arguments give other results at another step. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set(
  'days_in_month day_of_month day_of_week day_of_year hour minute month year predict_linear time timestamp'.split(
    ' ',
  ),
);

interface Judged {
  readonly node: PlanNode;
  /** The same at every step. */
  readonly invariant: boolean;
  /** Worth computing once: literals are cheap, and range selectors are read by their function. */
  readonly worthwhile: boolean;
}

/**
 * Marks the largest parts that are the same at every step, those whose selectors all have an `@` modifier, so that
 * they are computed once (Prometheus `PreprocessExpr`).
 */
export function markStepInvariant(root: PlanNode): PlanNode {
  return wrapped(foldTree<PlanNode, Judged>(root, planChildren, judge));
}

function wrapped({ node, invariant, worthwhile }: Judged): PlanNode {
  return invariant && worthwhile
    ? { kind: 'stepInvariant', at: node.at, child: node, returns: planType(node) }
    : node;
}

function judge(node: PlanNode, children: readonly Judged[]): Judged {
  const keep = (invariant: boolean, worthwhile: boolean): Judged => ({
    node: withChildren(
      node,
      children.map((child) => child.node),
    ),
    invariant,
    worthwhile,
  });
  const allInvariant = children.every((child) => child.invariant);
  switch (node.kind) {
    case 'number':
    case 'string':
      return keep(true, false);
    case 'vectorSelect': {
      const fixed = isFixed(node.shift);
      return keep(fixed, fixed);
    }
    case 'matrixSelect':
      return keep(allInvariant, false);
    case 'subquery': {
      const fixed = isFixed(node.shift);
      return { node: { ...node, child: wrapped(children[0]!) }, invariant: fixed, worthwhile: fixed };
    }
    case 'unary':
    case 'stepInvariant':
    case 'merge':
    case 'average':
      return keep(allInvariant, children[0]!.worthwhile);
    case 'call':
      if (allInvariant && !dependsOnTime(node)) return keep(true, true);
      break;
    case 'aggregate':
      // The parameter does not count: where it changes from step to step, the first step decides for all of them.
      if (children[0]!.invariant) return keep(true, true);
      break;
    case 'binary':
      if (allInvariant) return keep(true, true);
      break;
    case 'info':
      // Info series are looked up at each step; without a second argument Prometheus takes those of the first.
      if (allInvariant && node.matchers === undefined) return keep(true, true);
      break;
  }
  return { node: withChildren(node, children.map(wrapped)), invariant: false, worthwhile: false };
}

function isFixed({ time, inParameter }: TimeShift): boolean {
  return time !== undefined && !inParameter;
}

/** `timestamp(x @ t)` reads the sample's own time, which does not move; of anything else it is the step's. */
function dependsOnTime(call: CallNode): boolean {
  if (call.func === 'timestamp') return call.args[0]?.kind !== 'vectorSelect';
  return TIME_DEPENDENT.has(call.func);
}
