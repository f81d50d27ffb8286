import type { Expr } from '../promql/ast.ts';
import type { QueryWindow } from './durations.ts';
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
 * @throws QueryError `bad_data` where a duration expression has no usable value.
 */
export function planQuery(expr: Expr, window: QueryWindow, settings: SelectSettings): QueryPlan {
  return assignSelects(markStepInvariant(markHistogramStats(lower(expr, window))), window, settings);
}
