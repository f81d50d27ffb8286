import { QueryError } from '../model/errors.ts';
import { goPow } from '../model/go-math.ts';
import type { DurationExpr } from '../promql/ast.ts';

/** The query's own times, which `step()`, `range()` and `@ start()` refer to. All in ms. */
export interface QueryWindow {
  /** The whole query, for the places that errors name. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** 0 for instant queries. */
  readonly step: number;
}

/** Prometheus keeps durations as int64 nanoseconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/**
 * Computes a duration in whole ms, cut towards zero (Prometheus promql/durations.go).
 * Throws `bad_data` for NaN, infinite, too long and, unless `mayBeNegative`, non-positive results.
 */
export function resolveDuration(expr: DurationExpr, window: QueryWindow, mayBeNegative: boolean): number {
  if (expr.kind === 'literal') return Math.trunc(expr.ms);
  const seconds = secondsOf(expr, window);
  if (!Number.isFinite(seconds)) throw problem(expr, window, 'duration is NaN or infinite');
  if (seconds <= 0 && !mayBeNegative) throw problem(expr, window, 'duration must be greater than 0');
  if (Math.abs(seconds) > MAX_SECONDS) throw problem(expr, window, 'duration is out of range');
  return Math.trunc(seconds * 1000);
}

function secondsOf(expr: DurationExpr, window: QueryWindow): number {
  switch (expr.kind) {
    case 'literal':
      return expr.ms / 1000;
    case 'step':
      return window.step / 1000;
    case 'range':
      return (window.end - window.start) / 1000;
    case 'negate':
      return -secondsOf(expr.operand, window);
    case 'plus':
    case 'wrapped':
      return secondsOf(expr.operand, window);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case 'min':
    case 'max':
      return arithmetic(expr, window, secondsOf(expr.left, window), secondsOf(expr.right, window));
  }
}

function arithmetic(
  expr: Extract<DurationExpr, { readonly left: DurationExpr }>,
  window: QueryWindow,
  left: number,
  right: number,
): number {
  switch (expr.kind) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw problem(expr, window, 'division by zero');
      return left / right;
    case '%':
      if (right === 0) throw problem(expr, window, 'modulo by zero');
      return left % right;
    case '^':
      return goPow(left, right);
    case 'min':
      return Math.min(left, right);
    case 'max':
      return Math.max(left, right);
  }
}

/** Names the place by its bytes: two offsets here, not line and column as elsewhere. */
function problem({ at }: DurationExpr, { text }: QueryWindow, what: string): QueryError {
  const [start, end] = [at.start, at.end].map((offset) => Buffer.byteLength(text.slice(0, offset)));
  return new QueryError('bad_data', `${start}:${end}: ${what}`);
}
