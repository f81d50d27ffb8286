import type { DurationExpr } from '../ast.ts';
import type { Token, TokenKind } from '../lex/token.ts';
import { numberLiteral } from './literal.ts';
import type { Situation, TokenStream } from './token-stream.ts';

type Literal = Extract<DurationExpr, { kind: 'literal' }>;
type DurationOp = '+' | '-' | '*' | '/' | '%' | '^';

const PRECEDENCE: ReadonlyMap<TokenKind, number> = new Map<TokenKind, number>([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
  ['%', 2],
  ['^', 3],
]);
const UNARY_PRECEDENCE = 2;

/** Longest duration in ms: int64 nanoseconds. */
const MAX_MS = 2 ** 63 / 1e6;

/** Keeps every later pass over a duration safe to write as plain recursion. */
const MAX_NODES = 1000;

/** `5m`, `300`, `step() * 2` in brackets: the whole arithmetic. Errors speak of `situation`. */
export function parseDurationExpr(tokens: TokenStream, situation: Situation): DurationExpr {
  return new DurationReader(tokens, situation).expression(0);
}

/**
 * The duration behind `offset`. Only a parenthesised one, or one with two signs, may go on with arithmetic:
 * `foo offset 5m + bar` adds two vectors.
 */
export function parseOffsetDuration(tokens: TokenStream, situation: Situation): DurationExpr {
  return new DurationReader(tokens, situation).offset();
}

class DurationReader {
  readonly #tokens: TokenStream;
  readonly #situation: Situation;
  #nodes = 0;

  constructor(tokens: TokenStream, situation: Situation) {
    this.#tokens = tokens;
    this.#situation = situation;
  }

  expression(minPrecedence: number): DurationExpr {
    return this.#binaries(this.#operand(), minPrecedence);
  }

  offset(): DurationExpr {
    const { kind } = this.#tokens.peek();
    if (kind === '(') return this.expression(0);
    if (kind !== '+' && kind !== '-') return this.#atom();
    const sign = this.#tokens.take();
    const next = this.#tokens.peek().kind;
    if (next === '+' || next === '-') {
      const inner = this.expression(UNARY_PRECEDENCE + 1);
      return this.#binaries(this.#signed(sign, inner), 0);
    }
    const operand = this.#atom();
    if (sign.kind === '-' || operand.kind === 'literal' || next === '(') return this.#signed(sign, operand);
    return { kind: 'plus', at: { start: sign.start, end: operand.at.end }, operand };
  }

  #binaries(first: DurationExpr, minPrecedence: number): DurationExpr {
    let left = first;
    for (;;) {
      const op = this.#tokens.peek();
      const precedence = PRECEDENCE.get(op.kind);
      if (precedence === undefined || precedence < minPrecedence) return left;
      this.#tokens.take();
      const right = this.expression(op.kind === '^' ? precedence : precedence + 1);
      const isZero = right.kind === 'literal' && right.ms === 0;
      if (isZero && op.kind === '/') this.#tokens.fail(op.start, 'division by zero');
      if (isZero && op.kind === '%') this.#tokens.fail(op.start, 'modulo by zero');
      left = { kind: op.kind as DurationOp, at: { start: left.at.start, end: right.at.end }, left, right };
    }
  }

  #operand(): DurationExpr {
    const { kind } = this.#tokens.peek();
    if (kind !== '+' && kind !== '-') return this.#atom();
    this.#count();
    return this.#signed(this.#tokens.take(), this.expression(UNARY_PRECEDENCE + 1));
  }

  #atom(): DurationExpr {
    this.#count();
    const tokens = this.#tokens;
    const { kind } = tokens.peek();
    if (kind === 'number' || kind === 'duration') return this.#literal(tokens.take());
    if (kind === 'step' || kind === 'range') {
      const { start } = tokens.take();
      tokens.expect('(', this.#situation);
      return { kind, at: { start, end: tokens.expect(')', this.#situation).end } };
    }
    if (kind === 'min_of' || kind === 'max_of') return this.#extreme(kind === 'min_of' ? 'min' : 'max');
    tokens.expect('(', this.#situation);
    const operand = this.expression(0);
    tokens.expect(')', this.#situation);
    const isBare = operand.kind === 'literal' || operand.kind === 'wrapped';
    return isBare ? operand : { kind: 'wrapped', at: operand.at, operand };
  }

  #extreme(kind: 'min' | 'max'): DurationExpr {
    const tokens = this.#tokens;
    tokens.take();
    tokens.expect('(', this.#situation);
    const left = this.expression(0);
    tokens.expect(',', this.#situation);
    const right = this.expression(0);
    tokens.expect(')', this.#situation);
    // Prometheus takes the place of an operator's operands for its own, here as well.
    return { kind, at: { start: left.at.start, end: right.at.end }, left, right };
  }

  #literal(token: Token): Literal {
    const { value, isDuration, at } = numberLiteral(this.#tokens, token);
    const isDecimal = /^[\d.]+(?:[eE][+-]?\d+)?$/.test(token.text) && Number(token.text) === value;
    const ms = isDecimal ? shiftDecimal(token.text, 3) : value * 1000;
    if (!(ms <= MAX_MS)) this.#tokens.fail(token.start, 'duration out of range');
    return { kind: 'literal', at, ms, isDuration };
  }

  /** A sign in front of a literal belongs to the literal; `+` in front of anything else says nothing. */
  #signed(sign: Token, operand: DurationExpr): DurationExpr {
    const at = { start: sign.start, end: operand.at.end };
    if (operand.kind === 'literal')
      return { ...operand, at, ms: sign.kind === '-' ? -operand.ms : operand.ms };
    return sign.kind === '-' ? { kind: 'negate', at, operand } : operand;
  }

  #count(): void {
    this.#nodes++;
    if (this.#nodes > MAX_NODES)
      this.#tokens.fail(this.#tokens.peek().start, `duration expression has more than ${MAX_NODES} terms`);
  }
}

/**
 * Moves the decimal point of a decimal number text by `places` to the right and reads the result. Going through the
 * text keeps the digits: seconds to milliseconds and back gives the same number, which × 1000 / 1000 does not.
 */
export function shiftDecimal(text: string, places: number): number {
  const [digits, exponent = '0'] = text.toLowerCase().split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
