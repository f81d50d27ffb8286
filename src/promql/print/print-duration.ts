import { formatDuration } from '../../model/duration.ts';
import type { DurationExpr } from '../ast.ts';
import { formatShifted } from './format-number.ts';

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
      return `${printDuration(duration.left)} ${duration.kind} ${printDuration(duration.right)}`;
  }
}

/**
 * Prints ms with units, or as the seconds they were written as. Parts of a millisecond have no unit: they are printed as
 * seconds, so that the text means the same.
 */
export function printMs(ms: number, isDuration: boolean): string {
  return isDuration && Number.isInteger(ms) ? formatDuration(ms) : formatShifted(ms, -3);
}
