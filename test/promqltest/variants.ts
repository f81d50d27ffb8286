import type { Expr } from '../../src/promql/ast.ts';
import { walk } from '../../src/promql/walk.ts';

/** Functions whose result depends on the evaluation time even if all selectors are pinned. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'end',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'range',
  'start',
  'step',
  'time',
  'timestamp',
]);

/** An expression and the time to evaluate it at, ms. */
export interface Variant {
  readonly expr: Expr;
  readonly time: number;
}

/**
 * Evaluations that must give the same as `expr` at `time`: with every selector pinned to that time by `@`, the
 * evaluation time does not matter. Empty where it does nevertheless.
 */
export function pinnedVariants(expr: Expr, time: number): readonly Variant[] {
  for (const part of walk(expr)) if (part.kind === 'call' && TIME_DEPENDENT.has(part.func)) return [];
  const pinned = pin(expr, time);
  const times = time === 0 ? [-1000, 0, 1000] : [-10 * time, 0, Math.trunc(time / 5), time, 10 * time];
  return times.map((at) => ({ expr: pinned, time: at }));
}

/** What is inside of a subquery is evaluated at its own times, so only the subquery itself is pinned. */
function pin(expr: Expr, time: number): Expr {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'vectorSelector':
      return { ...expr, modifiers: { ...expr.modifiers, at: pinnedAt(expr.modifiers.at, time) } };
    case 'subquery':
      return { ...expr, modifiers: { ...expr.modifiers, at: pinnedAt(expr.modifiers.at, time) } };
    case 'matrixSelector': {
      const { modifiers } = expr.selector;
      const selector = { ...expr.selector, modifiers: { ...modifiers, at: pinnedAt(modifiers.at, time) } };
      return { ...expr, selector };
    }
    case 'paren':
    case 'unary':
      return { ...expr, expr: pin(expr.expr, time) };
    case 'binary':
      return { ...expr, left: pin(expr.left, time), right: pin(expr.right, time) };
    case 'aggregate':
      return { ...expr, expr: pin(expr.expr, time), param: expr.param && pin(expr.param, time) };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => pin(arg, time)) };
  }
}

function pinnedAt(at: number | 'start' | 'end' | undefined, time: number): number {
  return typeof at === 'number' ? at : time;
}
