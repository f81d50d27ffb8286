import type { Expr, NumberLiteral } from './ast.ts';
import { formatPlain } from './print/format-number.ts';
import { printMs } from './print/print-duration.ts';
import { printAggregateHead, printOperator } from './print/print-matching.ts';
import {
  printMatrixSelector,
  printSubquerySuffix,
  printVectorSelector,
  printText,
} from './print/print-selector.ts';
import { foldTree } from './fold-tree.ts';
import { children } from './walk.ts';

/**
 * Prints an expression in Prometheus' canonical form, on one line. Parsing the text gives the same expression, but for
 * positions and the order of matchers. Depth costs no stack.
 */
export function print(root: Expr): string {
  return foldTree<Expr, string>(root, children, printNode);
}

/** Prints a node whose children have been printed. */
export function printNode(expr: Expr, parts: readonly string[]): string {
  switch (expr.kind) {
    case 'number':
      return printNumber(expr);
    case 'string':
      return printText(expr.value);
    case 'vectorSelector':
      return printVectorSelector(expr);
    case 'matrixSelector':
      return printMatrixSelector(expr);
    case 'subquery':
      return `${parts[0]}${printSubquerySuffix(expr)}`;
    case 'paren':
      return `(${parts[0]})`;
    case 'unary':
      return `${expr.op}${parts[0]}`;
    case 'binary':
      // A sign in front of `^` would take in both sides.
      if (expr.op === '^' && isInfinity(expr.left)) return `Inf ${printOperator(expr)} ${parts[1]}`;
      return `${parts[0]} ${printOperator(expr)} ${parts[1]}`;
    case 'aggregate': {
      const param = expr.param === undefined ? '' : `${parts[1]}, `;
      return `${printAggregateHead(expr)}(${param}${parts[0]})`;
    }
    case 'call':
      return `${expr.func}(${parts.join(', ')})`;
  }
}

function isInfinity(expr: Expr): boolean {
  return expr.kind === 'number' && expr.value === Infinity;
}

function printNumber({ value, isDuration }: NumberLiteral): string {
  return isDuration ? printMs(Math.round(value * 1000), true) : formatPlain(value);
}
