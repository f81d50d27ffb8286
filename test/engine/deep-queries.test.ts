import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AggregateOp, BinaryOp, ValueType } from '../../src/promql/ast.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { FUNCTIONS, type FunctionSignature } from '../../src/promql/functions.ts';
import { Lexer } from '../../src/promql/lex/lexer.ts';
import { answerOf, type Times } from '../support/evaluate-text.ts';
import { everyInterval, PointSource } from '../support/point-source.ts';

/** One level of a nest: what stands in front of the level below, and what behind. */
type Level = readonly [before: string, behind: string];

/** A query may have 36,000 tokens. */
const MOST_TOKENS = 35_900;
/** Of the kinds that few tokens nest; a chain that is not cut overflows the stack before that. */
const MOST_LEVELS = 2500;
/** Functions of ranges are one operator, so some of them stand for all at the full depth; the others may have something of their own. */
const FULL_DEPTH: ReadonlySet<string> = new Set(['rate', 'last_over_time', 'quantile_over_time']);
const FEW_LEVELS = 600;

const NOW: Times = { start: 2000 };
const STEPS: Times = { start: 1000, end: 2000, step: 1000 };
const DELAYED = { features: new Set([...ALL_FEATURES, 'promql-delayed-name-removal']) };

const SOURCE = new PointSource({
  'a{x="1"}': everyInterval(1000, [1, 2, 3]),
  'a{x="2"}': everyInterval(1000, [3, 2, 1]),
});

function tokensOf(text: string): number {
  const lexer = new Lexer(text);
  let count = 0;
  while (lexer.next().kind !== 'end of input') count++;
  return count;
}

function nested([before, behind]: Level, innermost = 'a', most = MOST_LEVELS): string {
  const levels = Math.min(most, Math.floor(MOST_TOKENS / tokensOf(before + innermost + behind)));
  return before.repeat(levels) + innermost + behind.repeat(levels);
}

function answersOf(what: string, query: string): void {
  test(what, async () => {
    const { value } = await answerOf(query, SOURCE, NOW);
    assert.ok(value.kind === 'vector' || value.kind === 'scalar');
  });
}

/** Names that leave at the end of the query are handed on by all that stands around. */
function answersOfSteps(what: string, query: string): void {
  test(`${what}, over steps, with names`, async () => {
    assert.equal((await answerOf(query, SOURCE, STEPS, DELAYED)).value.kind, 'matrix');
  });
}

const BINARY: Readonly<Record<BinaryOp, 'of scalars' | 'of vectors'>> = {
  '+': 'of scalars',
  '-': 'of scalars',
  '*': 'of scalars',
  '/': 'of scalars',
  '%': 'of scalars',
  '^': 'of scalars',
  atan2: 'of scalars',
  '==': 'of vectors',
  '!=': 'of vectors',
  '>': 'of vectors',
  '<': 'of vectors',
  '>=': 'of vectors',
  '<=': 'of vectors',
  and: 'of vectors',
  or: 'of vectors',
  unless: 'of vectors',
  '</': 'of vectors',
  '>/': 'of vectors',
};

describe('binary operations nest as deeply as a query may be long', () => {
  for (const [op, operands] of Object.entries(BINARY)) {
    answersOf(`a chain of ${op} to the left`, nested(['', ` ${op} a`]));
    answersOf(`a chain of ${op} to the right`, nested([`a ${op} (`, ')']));
    if (operands === 'of scalars') answersOf(`a chain of ${op} with numbers`, nested(['', ` ${op} 1`], '1'));
  }
  answersOf('a vector and numbers', nested(['', ' > 0']));
  answersOfSteps('a chain of unless', nested(['', ' unless b']));
  answersOf('groups on the left', nested(['(', ') * on (x) group_left () a']));
  answersOf('groups on the right', nested(['a * on (x) group_right () (', ')']));
  answersOf('filled sides', nested(['(', ') + fill (0) a']));
});

/** What stands in front of the vector. */
const AGGREGATIONS: Readonly<Record<AggregateOp, string>> = {
  sum: 'sum by (x) (',
  avg: 'avg by (x) (',
  count: 'count by (x) (',
  min: 'min by (x) (',
  max: 'max by (x) (',
  group: 'group by (x) (',
  stddev: 'stddev by (x) (',
  stdvar: 'stdvar by (x) (',
  quantile: 'quantile(0.5, ',
  topk: 'topk(1, ',
  bottomk: 'bottomk(1, ',
  limitk: 'limitk(9, ',
  limit_ratio: 'limit_ratio(1, ',
  count_values: 'count_values("v", ',
};

describe('aggregations nest as deeply as a query may be long', () => {
  for (const [op, before] of Object.entries(AGGREGATIONS)) answersOf(op, nested([before, ')']));
});

/** What an argument of a type may be, where it is not the one that nests. */
const PLAIN: Readonly<Record<ValueType, string>> = {
  vector: 'a',
  matrix: 'a[2s]',
  scalar: '0.5',
  string: '"x"',
};

/** How what a function gives becomes an argument of it again. */
function conversion(from: ValueType, to: ValueType): Level {
  if (to === 'matrix') return ['(', ')[2s:1s]'];
  if (from === to) return ['', ''];
  return to === 'vector' ? ['vector(', ')'] : ['scalar(', ')'];
}

function levelOf(name: string, { args, returns }: FunctionSignature, nests: number): Level {
  const [opens, closes] = conversion(returns, args[nests]!);
  const texts = args.map((type) => PLAIN[type]);
  // Its second argument is a selector without a name, and no vector.
  if (name === 'info') texts.splice(1);
  const before = texts.slice(0, nests).map((text) => `${text}, `);
  const behind = texts.slice(nests + 1).map((text) => `, ${text}`);
  return [`${name}(${before.join('')}${opens}`, `${closes}${behind.join('')})`];
}

describe('functions nest as deeply as a query may be long', () => {
  for (const [name, signature] of FUNCTIONS) {
    const { args, returns } = signature;
    const nests = args.findIndex((type) => type === 'vector' || type === 'matrix');
    const at = nests < 0 ? args.indexOf('scalar') : nests;
    if (at < 0) continue;
    const isFull = args[at] !== 'matrix' || FULL_DEPTH.has(name);
    const levels = isFull ? MOST_LEVELS : FEW_LEVELS;
    const query = nested(levelOf(name, signature, at), returns === 'scalar' ? '1' : 'a', levels);
    answersOf(name, query);
    if (FULL_DEPTH.has(name)) answersOfSteps(name, query);
  }
});

describe('all else nests as deeply as a query may be long', () => {
  answersOf('signs', nested(['-', '']));
  answersOf('parentheses', nested(['(', ')']));
  answersOf('subqueries with an offset', nested(['last_over_time((', ')[2s:1s] offset 1ms)']));
  answersOf('subqueries at a time', nested(['max_over_time((', ')[2s:1s] @ 2)']));
  answersOf('subqueries of each other', nested(['rate(abs(', ')[2s:1s])']));
});
