import type { Expr } from './ast.ts';

const NONE: readonly Expr[] = [];

/** The expressions directly inside this one, in Prometheus' order (an aggregation's parameter comes last). */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vectorSelector':
      return NONE;
    case 'matrixSelector':
      return [expr.selector];
    case 'subquery':
    case 'paren':
    case 'unary':
      return [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
    case 'aggregate':
      return expr.param === undefined ? [expr.expr] : [expr.expr, expr.param];
    case 'call':
      return expr.args;
  }
}

/** What stands inside all parentheses around an expression. */
export function withoutParens(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.expr;
  return inner;
}

/** All expressions of a tree, each before its children, left to right. Depth costs no stack. */
export function* walk(root: Expr): Generator<Expr> {
  const pending: Expr[] = [root];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    yield expr;
    const inside = children(expr);
    for (let i = inside.length - 1; i >= 0; i--) pending.push(inside[i]!);
  }
}
