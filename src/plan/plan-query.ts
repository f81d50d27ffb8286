import { QueryError } from '../model/errors.ts';
import type { Expr } from '../promql/ast.ts';
import type { QueryWindow } from './durations.ts';
import { mergeAggregates } from './distribute/merge-aggregates.ts';
import { splitAverages } from './distribute/split-averages.ts';
import { markHistogramStats } from './histogram-stats.ts';
import { lower } from './lower.ts';
import type { PlanNode } from './plan-node.ts';
import { assignSelects, type PlannedSelect, type SelectSettings } from './selects.ts';
import { markStepInvariant } from './step-invariant.ts';

/** A query ready to run, and what it needs to fetch. */
export interface QueryPlan {
  readonly root: PlanNode;
  readonly selects: readonly PlannedSelect[];
}

/**
 * Plans an expression that passed the type check.
 * @param window of the query; `step` 0 and `start` = `end` for instant queries. ms.
 * @throws QueryError `bad_data` where a duration expression has no usable value, `too_large` where it reads too much.
 */
export function planQuery(expr: Expr, window: QueryWindow, settings: SelectSettings): QueryPlan {
  const { mostSelects = Infinity, distribute = false } = settings;
  const whole = markStepInvariant(markHistogramStats(lower(expr, window)));
  const plan = assignSelects(distribute ? mergeAggregates(splitAverages(whole)) : whole, window, settings);
  if (plan.selects.length > mostSelects) throw tooManySelects(plan.selects.length, mostSelects);
  return plan;
}

/** Each is a request to every endpoint that it concerns. */
function tooManySelects(count: number, most: number): QueryError {
  return new QueryError(
    'too_large',
    `the query has ${count} different selectors, more than the limit of ${most} (--query.max-selectors); ` +
      'select with a regular expression, ask in several queries, or raise the limit',
  );
}
