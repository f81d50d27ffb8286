import { bug } from '../model/errors.ts';
import type { Expr, ValueType } from './ast.ts';
import { FUNCTIONS } from './functions.ts';

/** The type of value an expression gives. Depth costs no stack. */
export function typeOf(expr: Expr): ValueType {
  const inner = skipWrappers(expr);
  switch (inner.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vectorSelector':
    case 'aggregate':
      return 'vector';
    case 'matrixSelector':
    case 'subquery':
      return 'matrix';
    case 'call':
      return FUNCTIONS.get(inner.func)?.returns ?? bug(`no signature for the function ${inner.func}`);
    case 'binary':
      return hasScalarLeavesOnly(inner) ? 'scalar' : 'vector';
    case 'paren':
    case 'unary':
      return bug('wrappers were skipped');
  }
}

function skipWrappers(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren' || inner.kind === 'unary') inner = inner.expr;
  return inner;
}

/** A binary expression is a scalar where all its operands are. */
function hasScalarLeavesOnly(root: Expr): boolean {
  const pending: Expr[] = [root];
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    const inner = skipWrappers(expr);
    if (inner.kind === 'binary') pending.push(inner.right, inner.left);
    else if (typeOf(inner) !== 'scalar') return false;
  }
  return true;
}
