import { quote } from '../../model/quote.ts';
import type { Binary, BinaryOp, ValueType } from '../ast.ts';
import type { Draft, Fail } from './draft.ts';

const COMPARISONS: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['==', '!=', '>', '<', '>=', '<=']);
const SET_OPERATORS: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['and', 'or', 'unless']);

/** Checks a binary expression whose sides have been checked, and settles its matching. */
export function checkBinary(
  expr: Binary,
  left: ValueType,
  right: ValueType,
  query: string,
  fail: Fail,
): void {
  const bothScalar = left === 'scalar' && right === 'scalar';
  const isComparison = COMPARISONS.has(expr.op);
  if (expr.returnBool && !isComparison)
    fail(operatorOffset(expr, query), 'bool modifier can only be used on comparison operators');
  if (isComparison && !expr.returnBool && bothScalar)
    fail(operatorOffset(expr, query), 'comparisons between scalars must use BOOL modifier');
  checkIncludes(expr, query, fail);
  const operandProblem = 'binary expression must contain only scalar and instant vector types';
  if (left !== 'scalar' && left !== 'vector') fail(expr.left.at.start, operandProblem);
  if (right !== 'scalar' && right !== 'vector') fail(expr.right.at.start, operandProblem);
  if (left === 'vector' && right === 'vector') settleVectors(expr, fail);
  else settleScalars(expr, fail);
}

function checkIncludes({ matching, ...expr }: Binary, query: string, fail: Fail): void {
  if (!matching?.on) return;
  const twice = matching.labels.find((label) => matching.include.includes(label));
  if (twice !== undefined) {
    const problem = `label ${quote(twice)} must not occur in ON and GROUP clause at once`;
    fail(operatorOffset(expr, query), problem);
  }
}

function settleVectors(expr: Binary, fail: Fail): void {
  const { op, matching, at } = expr;
  if (matching === undefined || !SET_OPERATORS.has(op)) return;
  if (matching.cardinality !== 'one-to-one') fail(at.start, `no grouping allowed for "${op}" operation`);
  if (matching.fillLeft !== undefined || matching.fillRight !== undefined)
    fail(at.start, 'filling in missing series not allowed for set operators');
  (expr as Draft<Binary>).matching = { ...matching, cardinality: 'many-to-many' };
}

function settleScalars(expr: Binary, fail: Fail): void {
  const { op, matching, at } = expr;
  if (matching !== undefined && matching.labels.length > 0)
    fail(at.start, 'vector matching only allowed between instant vectors');
  if (matching?.fillLeft !== undefined || matching?.fillRight !== undefined)
    fail(at.start, 'filling in missing series only allowed between instant vectors');
  if (SET_OPERATORS.has(op)) fail(at.start, `set operator "${op}" not allowed in binary scalar expression`);
  (expr as Draft<Binary>).matching = undefined;
}

/** Where the operator stands: behind the left side and blanks. */
function operatorOffset({ left }: Pick<Binary, 'left'>, query: string): number {
  return left.at.end + /^[ \t\n\r]*/.exec(query.slice(left.at.end))![0].length;
}
