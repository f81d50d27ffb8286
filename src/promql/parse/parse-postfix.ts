import type { DurationExpr, Expr, SelectorModifiers, VectorSelector } from '../ast.ts';
import type { TokenKind } from '../lex/token.ts';
import { formatFixed } from '../print/format-number.ts';
import { numberLiteral } from './literal.ts';
import { parseDurationExpr, parseOffsetDuration } from './parse-duration-expr.ts';
import type { TokenStream } from './token-stream.ts';

type PostfixKind = '[' | 'offset' | '@' | 'anchored' | 'smoothed';
type Selector = Extract<Expr, { kind: 'vectorSelector' | 'matrixSelector' | 'subquery' }>;

const IN_BRACKET = { where: 'subquery or range selector', expected: 'number, duration, step(), or range()' };
const BEHIND_RANGE = { where: 'subquery or range', expected: '":" or "]"' };
const BEHIND_COLON = {
  where: 'subquery selector',
  expected: 'number, duration, step(), range(), or "]"',
};
const BEHIND_STEP = { where: 'subquery selector', expected: '"]"' };
const BEHIND_OFFSET = { where: 'offset', expected: 'number, duration, step(), or range()' };
const BEHIND_AT = { where: '@', expected: 'timestamp' };

const MAX_INT64 = 2 ** 63;

export function isPostfix(kind: TokenKind): kind is PostfixKind {
  return kind === '[' || kind === 'offset' || kind === '@' || kind === 'anchored' || kind === 'smoothed';
}

/** Applies the postfix that comes next to the expression in front of it. All of them bind tighter than operators. */
export function parsePostfix(tokens: TokenStream, kind: PostfixKind, operand: Expr): Expr {
  switch (kind) {
    case '[':
      return parseBracket(tokens, operand);
    case 'offset':
      return parseOffset(tokens, operand);
    case '@':
      return parseAt(tokens, operand);
    case 'anchored':
    case 'smoothed':
      return parseExtent(tokens, kind, operand);
  }
}

function parseBracket(tokens: TokenStream, operand: Expr): Expr {
  const open = tokens.expect('[');
  const range = parsePositive(tokens, IN_BRACKET);
  if (tokens.accept(']')) return rangeOf(tokens, operand, range, open.start);
  tokens.expect(':', BEHIND_RANGE);
  let step: DurationExpr | undefined;
  let close = tokens.accept(']');
  if (close === undefined) {
    step = parsePositive(tokens, BEHIND_COLON);
    close = tokens.expect(']', BEHIND_STEP);
  }
  const at = { start: operand.at.start, end: close.end };
  return {
    kind: 'subquery',
    at,
    expr: operand,
    range,
    step,
    modifiers: { offset: undefined, at: undefined },
  };
}

function rangeOf(tokens: TokenStream, operand: Expr, range: DurationExpr, bracketAt: number): Expr {
  if (operand.kind !== 'vectorSelector')
    return tokens.fail(bracketAt, 'ranges only allowed for vector selectors');
  // Prometheus lets computed offsets and start()/end() pass here; they mean the same as behind the bracket.
  if (operand.modifiers.offset?.kind === 'literal')
    tokens.fail(bracketAt, 'no offset modifiers allowed before range');
  if (typeof operand.modifiers.at === 'number') tokens.fail(bracketAt, 'no @ modifiers allowed before range');
  const at = { start: operand.at.start, end: tokens.lastClosing };
  return { kind: 'matrixSelector', at, selector: operand, range };
}

function parsePositive(tokens: TokenStream, situation: { where: string; expected: string }): DurationExpr {
  const duration = roundLiteral(tokens, parseDurationExpr(tokens, situation));
  if (duration.kind === 'literal' && duration.ms <= 0)
    tokens.fail(duration.at.start, 'duration must be greater than 0');
  return duration;
}

/** A duration that is just a literal is kept to the nanosecond and is a duration, however it was written. */
function roundLiteral(tokens: TokenStream, duration: DurationExpr): DurationExpr {
  if (duration.kind !== 'literal') return duration;
  if (!Number.isFinite(duration.ms)) tokens.fail(duration.at.start, 'duration out of range');
  const ns = Math.sign(duration.ms) * Math.round(Math.abs(duration.ms) * 1e6);
  return { ...duration, ms: ns / 1e6, isDuration: true };
}

function parseOffset(tokens: TokenStream, operand: Expr): Expr {
  tokens.expect('offset');
  const offset = roundLiteral(tokens, parseOffsetDuration(tokens, BEHIND_OFFSET));
  return modify(tokens, operand, 'offset modifier', (modifiers) => {
    if (modifiers.offset !== undefined) tokens.fail(operand.at.start, 'offset may not be set multiple times');
    const isNone = offset.kind === 'literal' && offset.ms === 0;
    return { ...modifiers, offset: isNone ? undefined : offset };
  });
}

function parseAt(tokens: TokenStream, operand: Expr): Expr {
  tokens.expect('@');
  const at = parseTimestamp(tokens, operand);
  return modify(tokens, operand, '@ modifier', (modifiers) => {
    if (modifiers.at !== undefined)
      tokens.fail(operand.at.start, '@ <timestamp> may not be set multiple times');
    return { ...modifiers, at };
  });
}

/** Returns ms since the epoch for a number of seconds. */
function parseTimestamp(tokens: TokenStream, operand: Expr): number | 'start' | 'end' {
  const word = tokens.accept('start') ?? tokens.accept('end');
  if (word) {
    tokens.expect('(', BEHIND_AT);
    tokens.expect(')', BEHIND_AT);
    return word.kind as 'start' | 'end';
  }
  const isNegative = tokens.accept('-') !== undefined;
  if (!isNegative) tokens.accept('+');
  const { kind } = tokens.peek();
  if (kind !== 'number' && kind !== 'duration') tokens.failUnexpected(BEHIND_AT);
  const { value } = numberLiteral(tokens, tokens.take());
  const seconds = isNegative ? -value : value;
  if (!(Math.abs(seconds) < MAX_INT64))
    tokens.fail(operand.at.start, `timestamp out of bounds for @ modifier: ${formatFixed(seconds, 6)}`);
  return Math.sign(seconds) * Math.round(Math.abs(seconds) * 1000);
}

function parseExtent(tokens: TokenStream, extent: 'anchored' | 'smoothed', operand: Expr): Expr {
  const { start } = operand.at;
  tokens.expect(extent);
  if (!tokens.features.has('promql-extended-range-selectors'))
    tokens.fail(start, `${extent} modifier is experimental and not enabled`);
  const extend = (selector: VectorSelector): VectorSelector => {
    if (selector.extent !== undefined && selector.extent !== extent)
      tokens.fail(start, 'anchored and smoothed modifiers cannot be used together');
    return { ...selector, extent };
  };
  if (operand.kind === 'vectorSelector') return extend(operand);
  if (operand.kind === 'matrixSelector') return { ...operand, selector: extend(operand.selector) };
  const isSubquery = operand.kind === 'subquery';
  return tokens.fail(
    start,
    isSubquery ? `${extent} modifier is not supported for subqueries` : `${extent} modifier not implemented`,
  );
}

function modify(
  tokens: TokenStream,
  operand: Expr,
  what: string,
  change: (modifiers: SelectorModifiers) => SelectorModifiers,
): Selector {
  const at = { start: operand.at.start, end: tokens.lastClosing };
  switch (operand.kind) {
    case 'vectorSelector':
    case 'subquery':
      return { ...operand, at, modifiers: change(operand.modifiers) };
    case 'matrixSelector': {
      const { selector } = operand;
      return { ...operand, at, selector: { ...selector, modifiers: change(selector.modifiers) } };
    }
    default:
      return tokens.fail(
        operand.at.start,
        `${what} must be preceded by an instant vector selector or range vector selector or a subquery`,
      );
  }
}
