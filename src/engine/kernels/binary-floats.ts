import type { ArithmeticOp, ComparisonOp } from '../../promql/ast.ts';
import { goAtan2, goPow } from '../../model/go-math.ts';

/** Arithmetic of two numbers, with the special cases of Go's math package. */
export const ARITHMETIC: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': goPow,
  atan2: goAtan2,
};

/** Comparisons of two numbers; NaN equals nothing. */
export const COMPARISONS: Readonly<Record<ComparisonOp, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

export function isComparison(op: string): op is ComparisonOp {
  return op in COMPARISONS;
}

/** A binary operation of two scalars; comparisons give 1 or 0. */
export function scalarBinary(op: ArithmeticOp | ComparisonOp): (a: number, b: number) => number {
  if (!isComparison(op)) return ARITHMETIC[op];
  const compare = COMPARISONS[op];
  return (a, b) => (compare(a, b) ? 1 : 0);
}
