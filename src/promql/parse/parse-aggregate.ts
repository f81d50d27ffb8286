import type { Aggregate, AggregateOp, Expr } from '../ast.ts';
import type { Token } from '../lex/token.ts';
import { parseGrouping } from './parse-grouping.ts';
import type { TokenStream } from './token-stream.ts';

/** The word that opens an aggregation. */
export type AggregateToken = Token & { readonly kind: AggregateOp };

export type AggregateModifier = Pick<Aggregate, 'grouping' | 'without'>;

const NO_GROUPING: AggregateModifier = { grouping: [], without: false };
const WITH_PARAM: ReadonlySet<AggregateOp> = new Set<AggregateOp>([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);
const EXPERIMENTAL: ReadonlySet<AggregateOp> = new Set<AggregateOp>(['limitk', 'limit_ratio']);

/** Whether it needs the feature `promql-experimental-functions`. */
export function isExperimental(op: AggregateOp): boolean {
  return EXPERIMENTAL.has(op);
}

/** Reads `by (…)` or `without (…)`, which comes next. */
export function parseAggregateModifier(tokens: TokenStream): AggregateModifier {
  const without = tokens.take().kind === 'without';
  return { grouping: parseGrouping(tokens), without };
}

/** Makes the node behind the closing parenthesis; reads the modifier there, unless one stood in front. */
export function finishAggregate(
  tokens: TokenStream,
  op: AggregateToken,
  modifierInFront: AggregateModifier | undefined,
  args: readonly Expr[],
): Aggregate {
  const closedAt = tokens.lastClosing;
  let modifier = modifierInFront;
  let end = closedAt;
  if (modifier === undefined && (tokens.sees('by') || tokens.sees('without'))) {
    modifier = parseAggregateModifier(tokens);
    end = tokens.lastClosing;
  }
  if (args.length === 0) tokens.fail(op.start, 'no arguments for aggregate expression provided');
  const hasParam = WITH_PARAM.has(op.kind);
  if (isExperimental(op.kind) && !tokens.features.has('promql-experimental-functions')) {
    const flag = '--enable-feature=promql-experimental-functions';
    tokens.fail(op.start, `${op.kind}() is experimental and must be enabled with ${flag}`);
  }
  const wanted = hasParam ? 2 : 1;
  if (args.length !== wanted) {
    const counts = `expected ${wanted}, got ${args.length}`;
    tokens.fail(op.start, `wrong number of arguments for aggregate expression provided, ${counts}`);
  }
  return {
    kind: 'aggregate',
    at: { start: op.start, end },
    op: op.kind,
    expr: args[wanted - 1]!,
    param: hasParam ? args[0] : undefined,
    ...(modifier ?? NO_GROUPING),
  };
}
