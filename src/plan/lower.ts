import { bug } from '../model/errors.ts';
import type { Call, Expr, SelectorModifiers, VectorSelector } from '../promql/ast.ts';
import { children, withoutParens } from '../promql/walk.ts';
import { FUNCTIONS } from '../promql/functions.ts';
import { resolveDuration, type QueryWindow } from './durations.ts';
import { foldTree } from '../promql/fold-tree.ts';
import {
  planType,
  type CallNode,
  type PlanNode,
  type TimeShift,
  type VectorSelectNode,
} from './plan-node.ts';

/**
 * Turns an expression into plan nodes. Parentheses fall away; durations, offsets and `@` become numbers, and so do
 * functions of the query's own times. Throws `bad_data` for impossible durations.
 */
export function lower(expr: Expr, window: QueryWindow): PlanNode {
  return foldTree<Site, PlanNode>(
    { expr: withoutParens(expr), inParameter: false },
    (site) => sitesBelow(site, window),
    (site, children) => lowered(site, children, window),
  );
}

/** An expression and whether it belongs to the parameter of an aggregation. */
interface Site {
  readonly expr: Expr;
  readonly inParameter: boolean;
}

/** Looks at the durations of a node before those further in, because the first wrong one is reported. */
function sitesBelow({ expr, inParameter }: Site, window: QueryWindow): readonly Site[] {
  checkDurations(expr, window);
  const param = expr.kind === 'aggregate' ? 1 : -1;
  return children(expr).map((child, i) => ({
    expr: withoutParens(child),
    inParameter: inParameter || i === param,
  }));
}

function checkDurations(expr: Expr, window: QueryWindow): void {
  if (expr.kind === 'matrixSelector') resolveDuration(expr.range, window, false);
  if (expr.kind !== 'vectorSelector' && expr.kind !== 'subquery') return;
  if (expr.modifiers.offset !== undefined) resolveDuration(expr.modifiers.offset, window, true);
  if (expr.kind === 'vectorSelector') return;
  if (expr.step !== undefined) resolveDuration(expr.step, window, false);
  resolveDuration(expr.range, window, false);
}

function lowered(site: Site, children: readonly PlanNode[], window: QueryWindow): PlanNode {
  const { expr, inParameter } = site;
  const { at } = expr;
  switch (expr.kind) {
    case 'paren':
      return bug('a parenthesis was left in the plan');
    case 'number':
      return { kind: 'number', at, value: expr.value };
    case 'string':
      return { kind: 'string', at, value: expr.value };
    case 'vectorSelector':
      return vectorSelect(expr, timeShift(expr.modifiers, window, inParameter));
    case 'matrixSelector': {
      const range = resolveDuration(expr.range, window, false);
      return { kind: 'matrixSelect', at, selector: children[0] as VectorSelectNode, range };
    }
    case 'subquery': {
      const shift = timeShift(expr.modifiers, window, inParameter);
      const step = expr.step && resolveDuration(expr.step, window, false);
      const range = resolveDuration(expr.range, window, false);
      return { kind: 'subquery', at, child: children[0]!, range, step, shift };
    }
    case 'unary':
      return { kind: 'unary', at, op: expr.op, child: children[0]!, returns: planType(children[0]!) };
    case 'binary': {
      const { op, matching, returnBool } = expr;
      const [left, right] = [children[0]!, children[1]!];
      const returns = planType(left) === 'scalar' && planType(right) === 'scalar' ? 'scalar' : 'vector';
      return { kind: 'binary', at, op, left, right, matching, returnBool, returns };
    }
    case 'aggregate': {
      const { op, grouping, without } = expr;
      return { kind: 'aggregate', at, op, child: children[0]!, param: children[1], grouping, without };
    }
    case 'call':
      return call(expr, children, window);
  }
}

function vectorSelect(expr: VectorSelector, shift: TimeShift): VectorSelectNode {
  const { at, name, matchers, extent } = expr;
  return { kind: 'vectorSelect', at, name, matchers, shift, extent, select: -1, statsOnly: false };
}

/** In parameters of aggregations `@ start()` and `@ end()` mean nothing to Prometheus 3.14; see {@link TimeShift}. */
function timeShift(modifiers: SelectorModifiers, window: QueryWindow, inParameter: boolean): TimeShift {
  const offset = modifiers.offset === undefined ? 0 : resolveDuration(modifiers.offset, window, true);
  const { at } = modifiers;
  if (typeof at !== 'string') return { offset, time: at, inParameter };
  return { offset, time: inParameter ? undefined : window[at], inParameter };
}

function call(expr: Call, args: readonly PlanNode[], window: QueryWindow): PlanNode {
  const { at, func } = expr;
  switch (func) {
    case 'start':
    case 'end':
      return { kind: 'number', at, value: window[func] / 1000 };
    case 'range':
      return { kind: 'number', at, value: (window.end - window.start) / 1000 };
    case 'step':
      return { kind: 'number', at, value: window.start === window.end ? 0 : window.step / 1000 };
    case 'info': {
      const selector = args[1];
      const matchers = selector?.kind === 'vectorSelect' ? selector.matchers : undefined;
      return { kind: 'info', at, child: args[0]!, matchers };
    }
    default: {
      const returns = FUNCTIONS.get(func)?.returns ?? bug(`function ${func} has no signature`);
      return { kind: 'call', at, func, args, returns } satisfies CallNode;
    }
  }
}
