import { quote } from '../../model/quote.ts';
import type { AggregateOp } from '../ast.ts';

export const AGGREGATE_OPS: readonly AggregateOp[] = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
];

const MODIFIERS = [
  'offset',
  'smoothed',
  'anchored',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'fill',
  'fill_left',
  'fill_right',
  'bool',
] as const;

export const WORD_OPERATORS = ['and', 'or', 'unless', 'atan2'] as const;

/** Words that are functions, metric names or parts of durations, depending on where they stand. */
const PREPROCESSORS = ['start', 'end', 'step', 'range', 'max_of', 'min_of'] as const;

export const SIGN_OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '==',
  '!=',
  '<=',
  '<',
  '>=',
  '>',
  '</',
  '>/',
  '=~',
  '!~',
  '@',
] as const;

const PUNCTUATION = ['(', ')', '{', '}', '[', ']', ',', '=', ':'] as const;

export type KeywordKind =
  | AggregateOp
  | (typeof MODIFIERS)[number]
  | (typeof WORD_OPERATORS)[number]
  | (typeof PREPROCESSORS)[number];

/** Signs and keywords are their own kind, in lower case. */
export type TokenKind =
  | KeywordKind
  | (typeof SIGN_OPERATORS)[number]
  | (typeof PUNCTUATION)[number]
  | 'identifier'
  | 'metric identifier'
  | 'string'
  | 'number'
  | 'duration'
  | 'end of input';

/** A piece of the query: `text` is as written, `start` and `end` are UTF-16 offsets. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const AGGREGATORS: ReadonlySet<string> = new Set(AGGREGATE_OPS);
const MODIFIER_KINDS: ReadonlySet<string> = new Set(MODIFIERS);
const OPERATOR_KINDS: ReadonlySet<string> = new Set([...SIGN_OPERATORS, ...WORD_OPERATORS]);
const NAMED_KINDS: ReadonlySet<string> = new Set([
  'identifier',
  'metric identifier',
  'string',
  'number',
  'duration',
]);

/** Keywords in lower case with the kind of token they make. */
export const KEYWORDS: ReadonlyMap<string, KeywordKind | 'number'> = new Map<string, KeywordKind | 'number'>([
  ...[...AGGREGATE_OPS, ...MODIFIERS, ...WORD_OPERATORS, ...PREPROCESSORS].map(
    (word) => [word, word] as const,
  ),
  ['inf', 'number'],
  ['nan', 'number'],
]);

/** Keywords that may not be a metric name. */
const NEVER_METRIC: ReadonlySet<string> = new Set([
  'atan2',
  'bool',
  'on',
  'ignoring',
  'group_left',
  'group_right',
]);

const OPERAND_STARTS: ReadonlySet<string> = new Set(['(', '+', '-', 'number', 'duration', 'string', '{']);

export function isAggregator(kind: TokenKind): kind is AggregateOp {
  return AGGREGATORS.has(kind);
}

/** Whether a selector may start with this token as its metric name. */
export function isMetricName(kind: TokenKind): boolean {
  if (kind === 'identifier' || kind === 'metric identifier') return true;
  return isKeyword(kind) && !NEVER_METRIC.has(kind);
}

/** Whether an operand may start with this token. */
export function startsOperand(kind: TokenKind): boolean {
  return isMetricName(kind) || OPERAND_STARTS.has(kind);
}

/** Whether this token may be a label in `by (…)`, `on (…)` and their like: all words but `without`. */
export function isLabelName(kind: TokenKind): boolean {
  if (kind === 'identifier' || kind === 'metric identifier') return true;
  return isKeyword(kind) && kind !== 'without';
}

function isKeyword(kind: TokenKind): boolean {
  return kind !== 'number' && KEYWORDS.has(kind);
}

const SHOWN_RUNES = 10;

/** Names a token in an error text, in Prometheus' words: `identifier "x"`, `<op:+>`, `"("`. */
export function describeToken({ kind, text }: Token): string {
  if (kind === 'end of input') return kind;
  if (MODIFIER_KINDS.has(kind)) return `<${text}>`;
  if (OPERATOR_KINDS.has(kind)) return `<op:${text}>`;
  if (AGGREGATORS.has(kind)) return `<aggr:${text}>`;
  const isName = kind === 'identifier' || kind === 'metric identifier';
  const shown = isName || Buffer.byteLength(text) <= SHOWN_RUNES ? quote(text) : abridge(text);
  return NAMED_KINDS.has(kind) ? `${kind} ${shown}` : shown;
}

function abridge(text: string): string {
  return `${quote(Iterator.from(text).take(SHOWN_RUNES).toArray().join(''))}...`;
}
