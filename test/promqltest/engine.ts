import type { QueryAnswer } from '../../src/engine/answer.ts';
import { type EngineOptions, evaluate } from '../../src/engine/evaluate.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import type { Expr } from '../../src/promql/ast.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';

/** ms since the epoch; step 0 for an instant query. */
export interface EvalTimes {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The engine as the language's own runner sets it up. */
const OPTIONS: EngineOptions = {
  lookbackDelta: 5 * 60_000,
  maxSamples: 10_000,
  features: new Set([...ALL_FEATURES, 'promql-delayed-name-removal', 'use-start-timestamps']),
  clock: SYSTEM_CLOCK,
  noStepSubqueryInterval: 60_000,
  perStepStats: false,
};

export function parseExpr(text: string): Expr {
  return parse(text, OPTIONS.features);
}

export async function evaluateExpr(
  text: string,
  expr: Expr,
  { start, end, step }: EvalTimes,
  source: SeriesSource,
): Promise<QueryAnswer> {
  const signal = new AbortController().signal;
  return evaluate({ text, expr, start, end, step }, source, OPTIONS, signal);
}
