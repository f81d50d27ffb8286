import { QueryError } from '../../model/errors.ts';
import type { SubqueryNode, TimeShift } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import { PartCounts, type PartCost } from '../part-meter.ts';
import { SampleCounts } from '../sample-counts.ts';
import { gridBetween, instantOf, type StepGrid } from '../step-grid.ts';

/** The scope of a part that is computed once: the first step alone, counted apart. */
export function firstStepScope(scope: EvalScope): EvalScope {
  const count = Math.min(scope.grid.count, 1);
  return { ...scope, grid: { ...scope.grid, count, end: scope.grid.start }, counts: new SampleCounts(count) };
}

/** The scope of a part that is measured: the samples that it reads count for it, too. */
export function measuredScope(scope: EvalScope, part: PartCost): EvalScope {
  return { ...scope, counts: new PartCounts(scope.counts, part) };
}

/** A month by the second fits. A row of more would keep others waiting, whatever is computed of it. */
const MOST_STEPS = 3_000_000;

/**
 * The scope of what stands inside a subquery: its own steps, on multiples of its step, counted apart. Throws `execution`
 * where these alone are beyond the sample limit, or more than are ever evaluated.
 */
export function subqueryScope(scope: EvalScope, node: SubqueryNode): EvalScope {
  const grid = subqueryGrid(scope, node);
  // A row has a place for every step, whether there is a sample or not.
  scope.query.budget.check(grid.count);
  if (grid.count > MOST_STEPS) throw tooManySteps(grid.count);
  return { ...scope, grid, counts: new SampleCounts(grid.count) };
}

function tooManySteps(steps: number): QueryError {
  return new QueryError(
    'execution',
    `a subquery has ${steps} steps, and at most ${MOST_STEPS} are evaluated; give it a longer step or a shorter range`,
  );
}

function subqueryGrid({ grid, query }: EvalScope, { shift, range, step }: SubqueryNode): StepGrid {
  const interval = step || query.noStepSubqueryInterval;
  if (grid.count === 0) return { start: grid.start, interval, count: 0, end: grid.start, late: 0 };
  const first = instantOf(grid, shift, 0) - range;
  const last = instantOf(grid, shift, grid.count - 1);
  let start = interval * Math.trunc(first / interval);
  if (start <= first) start += interval;
  const late = start === grid.start ? lateInside(grid, shift) : 0;
  return { ...gridBetween(start, last, interval), late };
}

/**
 * How much later `@` is read inside of a subquery, ms. Prometheus 3.14 reads `@` by an offset from the first step,
 * minus the offsets of the subqueries around. Inside of a subquery it works these offsets out anew, except where the
 * subquery begins at the same step as the part around it. There the old offsets still make up for the offset of the
 * subquery, although its steps have been moved by that already.
 */
function lateInside(grid: StepGrid, { time, offset }: TimeShift): number {
  return time === undefined ? grid.late + offset : offset + grid.start - time;
}
