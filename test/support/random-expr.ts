import fc from 'fast-check';
import { METRIC_NAME } from '../../src/model/labels.ts';
import type { Matcher } from '../../src/model/matcher.ts';
import type {
  AggregateOp,
  BinaryOp,
  DurationExpr,
  Expr,
  SelectorModifiers,
  ValueType,
  VectorMatching,
  VectorSelector,
} from '../../src/promql/ast.ts';
import { FUNCTIONS } from '../../src/promql/functions.ts';
import { printDuration } from '../../src/promql/print/print-duration.ts';
import { printMatcher } from '../../src/promql/print/print-selector.ts';
import { compareStrings } from '../../src/model/compare-strings.ts';

const at = { start: 0, end: 0 };

const LABELS = ['job', 'instance', 'le', 'by', 'a.b', 'größe'] as const;
const NAMES = ['up', 'http_requests_total', 'job:rate:sum', 'and', 'sum', 'start'] as const;
const TEXTS = ['', 'a', 'b|c', '.+', 'x"y\\z', 'é😀', 'line\nbreak', '\ufffd'] as const;
const PATTERNS = ['a', 'a|b', '.+', 'foo.*', '(?i)bar', 'x[0-9]+'] as const;

const label = fc.constantFrom(...LABELS);
const labels = fc.uniqueArray(label, { maxLength: 3 });

/** Numbers that PromQL can write: signs, infinities and NaN included. */
export const numberValue: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 1e21, 5e-324, Infinity, -Infinity, NaN),
  fc.double({ noNaN: true }),
);

const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record<Matcher>({ kind: fc.constantFrom('=', '!='), name: label, value: fc.constantFrom(...TEXTS) }),
  fc.record<Matcher>({ kind: fc.constantFrom('=~', '!~'), name: label, value: fc.constantFrom(...PATTERNS) }),
);

const literal = (ms: number, isDuration: boolean): DurationExpr => ({ kind: 'literal', at, ms, isDuration });
const plainDuration = fc.constantFrom(1, 90, 1000, 60_000, 90_061_001, 1e11).map((ms) => literal(ms, true));

/** Computed durations; arithmetic is always in parentheses, so that every tree has a text. */
const computedDuration: fc.Arbitrary<DurationExpr> = fc.letrec<{ node: DurationExpr; leaf: DurationExpr }>(
  (tie) => ({
    leaf: fc.oneof(
      plainDuration,
      fc.constantFrom<DurationExpr>({ kind: 'step', at }, { kind: 'range', at }, literal(2500, false)),
    ),
    node: fc.oneof(
      { maxDepth: 3 },
      tie('leaf'),
      fc
        .tuple(fc.constantFrom('+', '-', '*', '/', '%', '^'), tie('node'), tie('node'))
        .map(([kind, left, right]): DurationExpr => {
          return { kind: 'wrapped', at, operand: { kind, at, left, right } };
        }),
      fc
        .tuple(fc.constantFrom('min', 'max'), tie('node'), tie('node'))
        .map(([kind, left, right]): DurationExpr => ({ kind, at, left, right })),
      tie('node').map((operand): DurationExpr => {
        return operand.kind === 'literal'
          ? { ...operand, ms: -operand.ms }
          : { kind: 'wrapped', at, operand: { kind: 'negate', at, operand } };
      }),
    ),
  }),
).node;

const duration: fc.Arbitrary<DurationExpr> = fc.oneof(
  { weight: 3, arbitrary: plainDuration },
  computedDuration.filter((computed) => computed.kind !== 'literal'),
);

/** Prometheus' lexer wants a number in front of the colon of a subquery. */
const subqueryRange = duration.filter((range) => /\d/.test(printDuration(range)));

const modifiers: fc.Arbitrary<SelectorModifiers> = fc.record({
  offset: fc.option(fc.oneof(duration, plainDuration.map(negated)), { nil: undefined }),
  at: fc.option(fc.constantFrom<number | 'start' | 'end'>('start', 'end', 0, 1_700_000_000_123, -1500), {
    nil: undefined,
  }),
});

function negated(positive: DurationExpr): DurationExpr {
  return positive.kind === 'literal' ? { ...positive, ms: -positive.ms } : positive;
}

const vectorSelector: fc.Arbitrary<VectorSelector> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    inside: fc.array(matcher, { maxLength: 3 }),
    modifiers,
    extent: fc.constantFrom<VectorSelector['extent'][]>(undefined, undefined, 'anchored', 'smoothed'),
  })
  .map(({ name, inside, modifiers, extent }) => {
    const sorted = inside.toSorted((a, b) => compareStrings(printMatcher(a), printMatcher(b)));
    const matchers: Matcher[] = [...sorted, { kind: '=', name: METRIC_NAME, value: name }];
    return { kind: 'vectorSelector', at, name, matchers, modifiers, extent, mayMatchEmpty: false };
  });

const number = fc.oneof(
  numberValue.map((value): Expr => ({ kind: 'number', at, value, isDuration: false })),
  fc
    .constantFrom(60, 1.5, 3600, 93_784.005)
    .map((value): Expr => ({ kind: 'number', at, value, isDuration: true })),
);

const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
const COMPARISON = ['==', '!=', '>', '<', '>=', '<='] as const;
const SET = ['and', 'or', 'unless'] as const;
const TRIM = ['</', '>/'] as const;

const onOrIgnoring = fc.record({ on: fc.boolean(), labels });
const fill = fc.option(numberValue, { nil: undefined });

const matching: fc.Arbitrary<VectorMatching> = fc
  .tuple(onOrIgnoring, fc.constantFrom('one-to-one', 'many-to-one', 'one-to-many'), labels, fill, fill)
  .map(([{ on, labels }, cardinality, wanted, fillLeft, fillRight]): VectorMatching => {
    const free = on ? wanted.filter((name) => !labels.includes(name)) : wanted;
    const include = cardinality === 'one-to-one' ? [] : free;
    return { on, labels, cardinality, include, fillLeft, fillRight };
  });

const setMatching = onOrIgnoring.map((base): VectorMatching => {
  return { ...base, cardinality: 'many-to-many', include: [], fillLeft: undefined, fillRight: undefined };
});

const PLAIN_AGGREGATES = ['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar'] as const;
const SCALAR_AGGREGATES = ['topk', 'bottomk', 'quantile', 'limitk', 'limit_ratio'] as const;

/** The second argument of `info`: matchers without a name, which may match everything. */
const infoLabels = fc.array(matcher, { minLength: 1, maxLength: 2 }).map((inside): Expr => {
  const matchers = inside.toSorted((a, b) => compareStrings(printMatcher(a), printMatcher(b)));
  const modifiers = { offset: undefined, at: undefined };
  return {
    kind: 'vectorSelector',
    at,
    name: '',
    matchers,
    modifiers,
    extent: undefined,
    mayMatchEmpty: true,
  };
});

/** One depth for all types, or each of them would grow a tree of its own. */
const DEPTH: fc.OneOfConstraints = { maxDepth: 4, depthIdentifier: 'expression' };

type Typed = Record<ValueType, Expr>;

/** Puts compound operands in parentheses, which the text needs and the tree then has as well. */
function operand(expr: Expr): Expr {
  // Behind a parenthesised offset, `+` would go on with the duration.
  const isGreedy = expr.kind === 'vectorSelector' && expr.modifiers.offset?.kind === 'wrapped';
  const isCompound = isGreedy || expr.kind === 'binary' || expr.kind === 'unary' || expr.kind === 'number';
  return isCompound ? { kind: 'paren', at, expr } : expr;
}

/**
 * Random well-typed expressions over every function, operator, aggregation and modifier, all parser features on. Positions
 * are 0; matchers are in the order in which they are printed.
 */
export const randomExprs: { readonly [type in ValueType]: fc.Arbitrary<Expr> } = fc.letrec<Typed>((tie) => {
  const some = (type: ValueType): fc.Arbitrary<Expr> => tie(type);
  const calls = (returns: ValueType): fc.Arbitrary<Expr>[] =>
    [...FUNCTIONS]
      .filter(([, signature]) => signature.returns === returns)
      .map(([func, { args, variadic }]) => {
        const first = args.slice(0, variadic === 0 ? args.length : args.length - 1);
        const more = variadic === 0 ? [] : args.slice(-1);
        const most = variadic < 0 ? 3 : variadic;
        const rest = fc.array(func === 'info' ? infoLabels : some(more[0] ?? 'scalar'), {
          maxLength: more.length === 0 ? 0 : most,
        });
        return fc.tuple(fc.tuple(...first.map(some)), rest).map(([fixed, rest]): Expr => {
          return { kind: 'call', at, func, args: [...fixed, ...rest] };
        });
      });
  const wrapped = (type: ValueType): fc.Arbitrary<Expr>[] => [
    tie(type).map((expr): Expr => ({ kind: 'paren', at, expr })),
    fc.tuple(fc.constantFrom('+', '-'), tie(type)).map(([op, expr]): Expr => {
      return { kind: 'unary', at, op, expr: operand(expr) };
    }),
  ];
  const binary = (
    ops: readonly BinaryOp[],
    left: ValueType,
    right: ValueType,
    matchings: fc.Arbitrary<VectorMatching | undefined>,
    returnBools: fc.Arbitrary<boolean>,
  ): fc.Arbitrary<Expr> =>
    fc
      .tuple(fc.constantFrom(...ops), tie(left), tie(right), matchings, returnBools)
      .map(([op, left, right, matching, returnBool]): Expr => {
        return { kind: 'binary', at, op, left: operand(left), right: operand(right), matching, returnBool };
      });
  const none = fc.constant(undefined);
  const no = fc.constant(false);
  const aggregate = (
    ops: readonly AggregateOp[],
    params: fc.Arbitrary<Expr | undefined>,
  ): fc.Arbitrary<Expr> =>
    fc
      .tuple(fc.constantFrom(...ops), tie('vector'), params, labels, fc.boolean())
      .map(([op, expr, param, grouping, without]): Expr => {
        return { kind: 'aggregate', at, op, expr, param, grouping, without };
      });
  return {
    string: fc.constantFrom(...TEXTS).map((value): Expr => ({ kind: 'string', at, value })),
    scalar: fc.oneof(
      DEPTH,
      number,
      ...wrapped('scalar'),
      ...calls('scalar'),
      binary(ARITHMETIC, 'scalar', 'scalar', none, no),
      binary(COMPARISON, 'scalar', 'scalar', none, fc.constant(true)),
    ),
    matrix: fc.oneof(
      DEPTH,
      fc.record({ selector: vectorSelector, range: duration }).map((parts): Expr => {
        return { kind: 'matrixSelector', at, ...parts };
      }),
      fc
        .record({
          expr: tie('vector'),
          range: subqueryRange,
          step: fc.option(duration, { nil: undefined }),
          modifiers,
        })
        .map(({ expr, ...rest }): Expr => ({
          kind: 'subquery',
          at,
          expr: { kind: 'paren', at, expr },
          ...rest,
        })),
    ),
    vector: fc.oneof(
      DEPTH,
      vectorSelector,
      ...wrapped('vector'),
      fc.oneof(...calls('vector')),
      binary(ARITHMETIC, 'vector', 'scalar', none, no),
      binary(COMPARISON, 'scalar', 'vector', none, fc.boolean()),
      binary([...ARITHMETIC, ...TRIM], 'vector', 'vector', matching, no),
      binary(COMPARISON, 'vector', 'vector', matching, fc.boolean()),
      binary(SET, 'vector', 'vector', setMatching, no),
      aggregate(PLAIN_AGGREGATES, none),
      aggregate(SCALAR_AGGREGATES, tie('scalar')),
      aggregate(['count_values'], tie('string')),
    ),
  };
});

/** Expressions of any type. */
export const randomExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 4, arbitrary: randomExprs.vector },
  randomExprs.scalar,
  randomExprs.matrix,
  randomExprs.string,
);
