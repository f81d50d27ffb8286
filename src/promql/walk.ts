import type { Expr } from './ast.ts';
import { children } from './children.ts';

/** All expressions of a tree, each before its children, left to right. Depth costs no stack. */
export function* walk(root: Expr): Generator<Expr> {
  const pending: Expr[] = [root];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    yield expr;
    const inside = children(expr);
    for (let i = inside.length - 1; i >= 0; i--) pending.push(inside[i]!);
  }
}

/**
 * Computes a value for a tree from the leaves up: `combine` gets an expression and the values of its children in
 * the order of {@link children}. Depth costs no stack.
 */
export function fold<T>(root: Expr, combine: (expr: Expr, parts: readonly T[]) => T): T {
  const open: Open<T>[] = [{ expr: root, inside: children(root), parts: [] }];
  for (;;) {
    const top = open[open.length - 1]!;
    const child = top.inside[top.parts.length];
    if (child !== undefined) {
      open.push({ expr: child, inside: children(child), parts: [] });
      continue;
    }
    open.pop();
    const value = combine(top.expr, top.parts);
    const parent = open.at(-1);
    if (parent === undefined) return value;
    parent.parts.push(value);
  }
}

interface Open<T> {
  readonly expr: Expr;
  readonly inside: readonly Expr[];
  readonly parts: T[];
}
