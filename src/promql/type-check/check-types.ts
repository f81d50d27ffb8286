import type { Aggregate, Expr, ValueType } from '../ast.ts';
import { children } from '../walk.ts';
import { FUNCTIONS } from '../functions.ts';
import { ParseError } from '../parse-error.ts';
import { checkBinary } from './check-binary.ts';
import { checkArguments, finishInfo, wantedArgument } from './check-call.ts';
import { checkSelector } from './check-selector.ts';
import type { Fail } from './draft.ts';
import { typeName } from './type-name.ts';

/** A node whose children are being checked, with the types found so far. */
interface Open {
  readonly expr: Expr;
  readonly inside: readonly Expr[];
  readonly types: ValueType[];
}

/**
 * Checks the types of a tree that the parser has just made, and finishes what depends on them: matching only
 * between vectors, many-to-many for set operators, `mayMatchEmpty` of `info`. The nodes are changed in
 * place, which is safe because they are not shared yet. Throws ParseError with Prometheus' first complaint, in Prometheus' order.
 */
export function checkTypes(root: Expr, query: string): Expr {
  const fail: Fail = (offset, problem) => {
    throw new ParseError(query, offset, problem);
  };
  const open: Open[] = [enter(root, fail)];
  for (;;) {
    const top = open[open.length - 1]!;
    const child = top.inside[top.types.length];
    if (child !== undefined) {
      open.push(enter(child, fail));
      continue;
    }
    open.pop();
    const type = leave(top, query, fail);
    const parent = open.at(-1);
    if (parent === undefined) return root;
    parent.types.push(type);
    checkChild(parent, top.expr, type, fail);
  }
}

/** What is checked before the children. */
function enter(expr: Expr, fail: Fail): Open {
  if (expr.kind === 'call') {
    checkArguments(expr, fail);
    if (expr.func === 'info') finishInfo(expr, fail);
  }
  return { expr, inside: children(expr), types: [] };
}

/** What is checked right after a child, before the next one. */
function checkChild({ expr, types }: Open, child: Expr, type: ValueType, fail: Fail): void {
  const index = types.length - 1;
  switch (expr.kind) {
    case 'aggregate': {
      const wanted = index === 0 ? 'vector' : paramType(expr);
      const place = index === 0 ? 'aggregation expression' : 'aggregation parameter';
      if (type !== wanted)
        fail(child.at.start, `expected type ${typeName(wanted)} in ${place}, got ${typeName(type)}`);
      return;
    }
    case 'call': {
      const wanted = wantedArgument(expr, index);
      const place = `call to function "${expr.func}"`;
      if (type !== wanted)
        fail(child.at.start, `expected type ${typeName(wanted)} in ${place}, got ${typeName(type)}`);
      return;
    }
    case 'unary':
      if (type !== 'scalar' && type !== 'vector') {
        const allowed = 'unary expression only allowed on expressions of type scalar or instant vector';
        fail(expr.at.start, `${allowed}, got "${typeName(type)}"`);
      }
      return;
    case 'subquery':
      if (type !== 'vector')
        fail(expr.at.start, `subquery is only allowed on instant vector, got ${type} instead`);
      return;
    case 'binary':
    case 'matrixSelector':
    case 'number':
    case 'paren':
    case 'string':
    case 'vectorSelector':
      return;
  }
}

function paramType({ op }: Aggregate): ValueType {
  return op === 'count_values' ? 'string' : 'scalar';
}

/** What is checked after all children; returns the type of the expression. */
function leave({ expr, types }: Open, query: string, fail: Fail): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vectorSelector':
      checkSelector(expr, fail);
      return 'vector';
    case 'aggregate':
      return 'vector';
    case 'matrixSelector':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
      return types[0]!;
    case 'call':
      return FUNCTIONS.get(expr.func)!.returns;
    case 'binary':
      checkBinary(expr, types[0]!, types[1]!, query, fail);
      return types[0] === 'scalar' && types[1] === 'scalar' ? 'scalar' : 'vector';
  }
}
