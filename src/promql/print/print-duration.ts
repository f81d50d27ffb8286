import { formatDuration } from '../../model/duration.ts';
import type { DurationExpr } from '../ast.ts';
import { formatShifted } from './format-number.ts';

type BinaryDuration = Extract<DurationExpr, { readonly left: DurationExpr }>;

/** A duration as it stands in brackets or behind `offset`. Prometheus' text, spaces included. */
export function printDuration(duration: DurationExpr): string {
  switch (duration.kind) {
    case 'literal':
      return printMs(duration.ms, duration.isDuration);
    case 'step':
    case 'range':
      return `${duration.kind}()`;
    case 'negate':
      return `-${printDuration(duration.operand)}`;
    case 'plus':
      return printDuration(duration.operand);
    case 'wrapped':
      return `(${printDuration(duration.operand)})`;
    case 'min':
    case 'max':
      return `${duration.kind}_of(${printDuration(duration.left)}, ${printDuration(duration.right)})`;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return `${printLeft(duration)} ${duration.kind} ${printDuration(duration.right)}`;
  }
}

/**
 * The parentheses of `(-1m) ^ 2` are not part of the tree; without them the sign would take in both sides. Prometheus
 * leaves them out, and so prints another duration than it has parsed.
 */
function printLeft({ kind, left }: BinaryDuration): string {
  const text = printDuration(left);
  return kind === '^' && left.kind === 'literal' && text.startsWith('-') ? `(${text})` : text;
}

/**
 * Prints ms with units, or as the seconds they were written as. Parts of a millisecond have no unit: they are printed as
 * seconds, so that the text means the same.
 */
export function printMs(ms: number, isDuration: boolean): string {
  return isDuration && Number.isInteger(ms) ? formatDuration(ms) : formatShifted(ms, -3);
}
