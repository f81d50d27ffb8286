import { bug, QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';
import { planType, type BinaryNode } from '../../plan/plan-node.ts';
import type { BinaryOp, VectorMatching } from '../../promql/ast.ts';
import type { EvalScope } from '../context.ts';
import { ARITHMETIC, isComparison, scalarBinary } from '../kernels/binary-floats.ts';
import { binaryKernel } from '../kernels/binary.ts';
import type { Operator } from '../operator.ts';
import { matchTest } from '../operators/binary/match-tracker.ts';
import { SetFilter } from '../operators/binary/set-filter.ts';
import { SetUnion } from '../operators/binary/set-union.ts';
import { VectorScalar } from '../operators/binary/vector-scalar.ts';
import { VectorVector } from '../operators/binary/vector-vector.ts';
import { ScalarSteps, readScalar } from '../operators/scalar/scalar-steps.ts';
import { columnOf } from '../row-parts.ts';
import { joined } from './built.ts';

/** @param operators of both sides, or of all that a chain of `or` unites. */
export function buildBinary(node: BinaryNode, scope: EvalScope, operators: readonly Operator[]): Operator {
  const { op, matching, returnBool, at } = node;
  const [left, right] = operators as readonly [Operator, Operator];
  if (op === 'or') return joined(new SetUnion(scope.query, operators, matchingOf(node)), scope, 'step');
  if (op === 'and' || op === 'unless') return new SetFilter(scope, op, left, right, matchingOf(node));
  const changesMeaning = op in ARITHMETIC;
  const notes = scope.query.notes.at(at);
  if (matching !== undefined) {
    const kernel = binaryKernel({ op, returnBool, shows: 'left' });
    const dropsMetadata = changesMeaning || (returnBool && !scope.query.delayNameRemoval);
    const isMatch = matchTest(op, isComparison(op) && !returnBool);
    const parts = { left, right, kernel, matching, dropsMetadata, dropName: returnBool, isMatch, notes };
    return joined(new VectorVector(scope, parts), scope, 'step');
  }
  const leftIsScalar = planType(node.left) === 'scalar';
  if (leftIsScalar && planType(node.right) === 'scalar') {
    const apply = scalarOperation(op);
    return new ScalarSteps(() => scalarScalar(left, right, scope, apply));
  }
  const kernel = binaryKernel({ op, returnBool, shows: leftIsScalar ? 'right' : 'left' });
  const [vector, scalar] = leftIsScalar ? [right, left] : [left, right];
  const renames = changesMeaning || returnBool;
  const parts = { vector, scalar, scalarIsLeft: leftIsScalar, kernel, changesMeaning: renames, notes };
  const operator = new VectorScalar(scope, parts);
  return renames ? joined(operator, scope, 'step') : operator;
}

/** Trimming two scalars passes the type check of Prometheus as well, and fails only where a step computes it. */
function scalarOperation(op: BinaryOp): (a: number, b: number) => number {
  if (isComparison(op) || op in ARITHMETIC) return scalarBinary(op as Parameters<typeof scalarBinary>[0]);
  return () => {
    throw new QueryError('execution', `operator ${quote(op)} not allowed for Scalar operations`);
  };
}

function matchingOf(node: BinaryNode): VectorMatching {
  return node.matching ?? bug(`${node.op} without matching`);
}

/** A binary operation of two scalars at every step. */
async function scalarScalar(
  left: Operator,
  right: Operator,
  scope: EvalScope,
  apply: (a: number, b: number) => number,
): Promise<Float64Array> {
  const a = await readScalar(left, scope);
  const b = await readScalar(right, scope);
  return columnOf(scope.grid.count, scope.query.pacer, (step) => apply(a[step]!, b[step]!));
}
