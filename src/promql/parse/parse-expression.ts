import { bug } from '../../model/errors.ts';
import type { Binary, BinaryOp, Call, Expr } from '../ast.ts';
import { withoutParens } from '../walk.ts';
import { FUNCTIONS } from '../functions.ts';
import { type Token, type TokenKind, isAggregator, isMetricName, startsOperand } from '../lex/token.ts';
import { numberLiteral, stringLiteral } from './literal.ts';
import {
  type AggregateModifier,
  type AggregateToken,
  finishAggregate,
  parseAggregateModifier,
} from './parse-aggregate.ts';
import { type BinaryModifiers, parseBinaryModifiers } from './parse-matching.ts';
import { isPostfix, parsePostfix } from './parse-postfix.ts';
import { parseVectorSelector } from './parse-selector.ts';
import type { Situation, TokenStream } from './token-stream.ts';

/** What is open and waits for an operand. A stack of these takes the place of recursion: depth costs heap only. */
type Frame =
  | { readonly kind: 'paren'; readonly start: number }
  | { readonly kind: 'unary'; readonly op: '+' | '-'; readonly start: number }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly modifiers: BinaryModifiers;
    }
  | { readonly kind: 'call'; readonly name: Token; readonly args: Expr[] }
  | {
      readonly kind: 'aggregate';
      readonly op: AggregateToken;
      readonly modifier: AggregateModifier | undefined;
      readonly args: Expr[];
      readonly outer: Situation;
    };

type CallFrame = Extract<Frame, { kind: 'call' | 'aggregate' }>;

/** Binds weakest first. All operators associate to the left but `^`. */
const LEVELS: readonly (readonly BinaryOp[])[] = [
  ['or'],
  ['and', 'unless'],
  ['==', '>=', '>', '<', '<=', '!=', '</', '>/'],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
];
const PRECEDENCE: ReadonlyMap<TokenKind, number> = new Map(
  LEVELS.flatMap((ops, level) => ops.map((op) => [op, level] as const)),
);
const UNARY_PRECEDENCE = PRECEDENCE.get('*')!;
/** Of label_replace(). */
const PATTERN_ARGUMENT = 4;

const AGGREGATION: Situation = { where: 'aggregation', expected: '' };
const CALLABLE_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  'start',
  'end',
  'step',
  'range',
  'max_of',
  'min_of',
]);

/**
 * Reads one expression, up to the first token that cannot belong to it. Precedence climbing over an explicit
 * stack. The result is not type checked, and every binary operator still has its matching.
 */
export function parseExpression(tokens: TokenStream): Expr {
  const frames: Frame[] = [];
  let operand: Expr | undefined;
  for (;;) {
    operand ??= readOperand(tokens, frames);
    if (operand === undefined) continue;
    const { kind } = tokens.peek();
    if (isPostfix(kind)) {
      operand = parsePostfix(tokens, kind, operand);
      continue;
    }
    const precedence = PRECEDENCE.get(kind);
    operand = reduceOperators(tokens, frames, operand, precedence ?? -1);
    if (precedence !== undefined) {
      tokens.take();
      frames.push({
        kind: 'binary',
        op: kind as BinaryOp,
        left: operand,
        modifiers: parseBinaryModifiers(tokens),
      });
      operand = undefined;
      continue;
    }
    const open = frames.at(-1);
    if (open === undefined) return operand;
    operand = closeOrContinue(tokens, frames, open, operand);
  }
}

/** Reads an operand, or opens a frame for what has to come before one and returns undefined. */
function readOperand(tokens: TokenStream, frames: Frame[]): Expr | undefined {
  const next = tokens.peek();
  switch (next.kind) {
    case '(':
      frames.push({ kind: 'paren', start: tokens.take().start });
      return undefined;
    case '+':
    case '-':
      frames.push({ kind: 'unary', op: next.kind, start: tokens.take().start });
      return undefined;
    case 'number':
    case 'duration':
      return numberLiteral(tokens, tokens.take());
    case 'string':
      return stringLiteral(tokens.take());
    case '{':
      return parseVectorSelector(tokens, undefined);
    default:
      return isMetricName(next.kind) ? readWord(tokens, frames) : tokens.failUnexpected();
  }
}

function readWord(tokens: TokenStream, frames: Frame[]): Expr | undefined {
  const word = tokens.take();
  const { kind } = tokens.peek();
  if (isAggregator(word.kind) && (kind === '(' || kind === 'by' || kind === 'without')) {
    const { situation: outer } = tokens;
    tokens.situation = AGGREGATION;
    const modifier = kind === '(' ? undefined : parseAggregateModifier(tokens);
    return openCall(tokens, frames, {
      kind: 'aggregate',
      op: word as AggregateToken,
      modifier,
      args: [],
      outer,
    });
  }
  if (kind === '(' && CALLABLE_WORDS.has(word.kind))
    return openCall(tokens, frames, { kind: 'call', name: word, args: [] });
  return parseVectorSelector(tokens, word);
}

function openCall(tokens: TokenStream, frames: Frame[], frame: CallFrame): Expr | undefined {
  tokens.expect('(');
  if (tokens.accept(')')) return finishCall(tokens, frame);
  frames.push(frame);
  return undefined;
}

/** At a token that is no operator: closes the innermost parenthesis, or goes on to the next argument. */
function closeOrContinue(tokens: TokenStream, frames: Frame[], open: Frame, operand: Expr): Expr | undefined {
  if (open.kind === 'paren') {
    const { end } = tokens.expect(')');
    frames.pop();
    return { kind: 'paren', at: { start: open.start, end }, expr: operand };
  }
  if (open.kind !== 'call' && open.kind !== 'aggregate') return bug(`a ${open.kind} was left unreduced`);
  open.args.push(operand);
  const comma = tokens.accept(',');
  if (comma) {
    if (!startsOperand(tokens.peek().kind))
      tokens.fail(comma.start, 'trailing commas not allowed in function call args');
    return undefined;
  }
  tokens.expect(')');
  frames.pop();
  return finishCall(tokens, open);
}

/** Closes the operators that bind tighter than the one that comes next, or as tight and to the left. */
function reduceOperators(tokens: TokenStream, frames: Frame[], operand: Expr, precedence: number): Expr {
  let expr = operand;
  for (;;) {
    const top = frames.at(-1);
    if (top?.kind !== 'unary' && top?.kind !== 'binary') return expr;
    const bound = top.kind === 'unary' ? UNARY_PRECEDENCE : PRECEDENCE.get(top.op)!;
    const isRightAssociative = precedence === PRECEDENCE.get('^');
    if (bound < precedence || (bound === precedence && isRightAssociative)) return expr;
    frames.pop();
    expr = top.kind === 'unary' ? unary(top.op, top.start, expr) : binary(tokens, top, expr);
  }
}

/** A sign in front of a number belongs to the number. */
function unary(op: '+' | '-', start: number, expr: Expr): Expr {
  const at = { start, end: expr.at.end };
  if (expr.kind !== 'number') return { kind: 'unary', at, op, expr };
  return { ...expr, at, value: op === '-' ? -expr.value : expr.value };
}

function binary(tokens: TokenStream, frame: Extract<Frame, { kind: 'binary' }>, right: Expr): Binary {
  const { op, left, modifiers } = frame;
  const { fillLeft, fillRight } = modifiers.matching;
  const hasFill = fillLeft !== undefined || fillRight !== undefined;
  if (hasFill && !tokens.features.has('promql-binop-fill-modifiers'))
    tokens.fail(left.at.start, 'binop fill modifiers are experimental and not enabled');
  return { kind: 'binary', at: { start: left.at.start, end: right.at.end }, op, left, right, ...modifiers };
}

function finishCall(tokens: TokenStream, frame: CallFrame): Expr {
  if (frame.kind === 'call') return call(tokens, frame.name, frame.args);
  const aggregate = finishAggregate(tokens, frame.op, frame.modifier, frame.args);
  tokens.situation = frame.outer;
  return aggregate;
}

function call(tokens: TokenStream, name: Token, args: readonly Expr[]): Call {
  const signature = FUNCTIONS.get(name.text);
  if (signature === undefined) return tokens.fail(name.start, `unknown function with name "${name.text}"`);
  if (signature.experimental && !tokens.features.has('promql-experimental-functions'))
    tokens.fail(name.start, `function "${name.text}" is not enabled`);
  if (name.text === 'label_replace') {
    const pattern = args[PATTERN_ARGUMENT] && withoutParens(args[PATTERN_ARGUMENT]);
    if (pattern?.kind === 'string') tokens.countCapture(pattern.value, pattern.at.start);
  }
  return { kind: 'call', at: { start: name.start, end: tokens.lastClosing }, func: name.text, args };
}
