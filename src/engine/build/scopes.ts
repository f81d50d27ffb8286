import type { SubqueryNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import { SampleCounts } from '../sample-counts.ts';
import { gridBetween, lastStepTime, type StepGrid } from '../step-grid.ts';

/** The scope of a part that is computed once: the first step alone, counted apart. */
export function firstStepScope(scope: EvalScope): EvalScope {
  const count = Math.min(scope.grid.count, 1);
  return { ...scope, grid: { ...scope.grid, count, end: scope.grid.start }, counts: new SampleCounts(count) };
}

/**
 * The scope of what stands inside a subquery: its own steps, on multiples of its step, counted apart. Throws `execution`
 * where these alone are beyond the sample limit.
 */
export function subqueryScope(scope: EvalScope, node: SubqueryNode): EvalScope {
  const grid = subqueryGrid(scope, node);
  // A row has a place for every step, whether there is a sample or not.
  scope.query.budget.check(grid.count);
  return { ...scope, grid, counts: new SampleCounts(grid.count) };
}

function subqueryGrid({ grid, query }: EvalScope, { shift, range, step }: SubqueryNode): StepGrid {
  const interval = step || query.noStepSubqueryInterval;
  if (grid.count === 0) return { start: grid.start, interval, count: 0, end: grid.start };
  const first = (shift.time ?? grid.start) - shift.offset - range;
  const last = (shift.time ?? lastStepTime(grid)) - shift.offset;
  let start = interval * Math.trunc(first / interval);
  if (start <= first) start += interval;
  return gridBetween(start, last, interval);
}
