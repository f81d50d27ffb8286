import { distributes } from '../engine/evaluate.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { planQuery, type QueryPlan } from '../plan/plan-query.ts';
import type { Expr } from '../promql/ast.ts';
import { parseQuery } from './format-query.ts';
import { requireRange } from './limits/range-limits.ts';
import type { GatewayContext } from './parts.ts';
import { effectiveLookback, type QueryOptions } from './query.ts';
import { parseRange, requireFewPoints } from './range-steps.ts';

/** A query of which it is to be known what it does. Times in ms since the epoch, durations in ms. */
export interface PlannedRequest extends Omit<QueryOptions, 'limit' | 'isAnalyzed'> {
  readonly start: number;
  /** Inclusive; equals `start` for instant queries. */
  readonly end: number;
  /** Undefined for instant queries. */
  readonly step: number | undefined;
}

export interface RequestPlan {
  readonly expr: Expr;
  readonly plan: QueryPlan;
  /** ms; 0 for instant queries. */
  readonly step: number;
  /** ms. */
  readonly lookbackDelta: number;
}

/** Plans a query as it would be evaluated; nobody is asked for anything. Throws QueryErrors like a query. */
export function planRequest(
  parts: GatewayContext,
  scope: RequestScope,
  request: PlannedRequest,
): RequestPlan {
  const { text, start, end } = request;
  const { expr, step } =
    request.step === undefined
      ? { expr: parseQuery(text, parts.features), step: 0 }
      : parseRange({ text, start, end, step: request.step }, parts.features);
  requireRange(scope, { minTime: start, maxTime: end }, parts.clock);
  if (step > 0) requireFewPoints(scope, { start, end, step });
  const source = parts.selection.source(scope);
  const lookbackDelta = effectiveLookback(parts, scope, request);
  const settings = {
    ...parts.planning,
    lookbackDelta,
    distinguishFunctions: source.readsByFunction,
    distribute: distributes(source, parts.features),
  };
  return { expr, plan: planQuery(expr, { text, start, end, step }, settings), step, lookbackDelta };
}
