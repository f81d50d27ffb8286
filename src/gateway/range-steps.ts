import { limitOf, refusalBy } from '../model/caller-limits.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { QueryError } from '../model/errors.ts';
import type { Expr, ValueType } from '../promql/ast.ts';
import { typeName } from '../promql/type-check/type-name.ts';
import { typeOf } from '../promql/type-of.ts';
import { parseQuery } from './format-query.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** For safety, as in Prometheus: 60 s resolution for a week, or 1 h for a year. */
const MOST_POINTS = 11_000;

/** When a range query is evaluated: times in ms since the epoch, the step in ms. */
export interface Steps {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The expression and the step, in whole ms, of a range query. Throws `bad_data` where they make none. */
export function parseRange(
  request: Steps & { readonly text: string },
  features: ReadonlySet<string>,
): { readonly expr: Expr; readonly step: number } {
  const step = checkedStep(request);
  const expr = parseQuery(request.text, features);
  const type = typeOf(expr);
  if (type !== 'vector' && type !== 'scalar') throw notForRanges(type);
  return { expr, step };
}

/** Throws `bad_data`. Prometheus says this before it looks at the step. */
export function requireInOrder({ start, end }: Pick<Steps, 'start' | 'end'>): void {
  if (end < start) throw invalidParameter('end', 'end timestamp must not be before start time');
}

/**
 * The step in whole ms, since timestamps are; what it has beyond them is cut off, as in Prometheus. Throws `bad_data` where there
 * would be too many steps, or none.
 */
export function checkedStep({ start, end, step }: Steps): number {
  requireInOrder({ start, end });
  if (step <= 0) {
    const problem = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
    throw invalidParameter('step', problem);
  }
  if (Math.floor((end - start) / step) > MOST_POINTS) {
    const problem = 'exceeded maximum resolution of 11,000 points per timeseries.';
    throw new QueryError('bad_data', `${problem} Try decreasing the query resolution (?step=XX)`);
  }
  if (step < 1) throw invalidParameter('step', 'steps shorter than a millisecond are not accepted');
  return Math.floor(step);
}

/** Throws `too_large` for more points of a series than the caller may ask for. */
export function requireFewPoints({ caller: { limits } }: RequestScope, { start, end, step }: Steps): void {
  const points = Math.floor((end - start) / step) + 1;
  const most = limitOf(limits, 'max_points');
  if (points > most)
    throw refusalBy(
      limits,
      'max_points',
      `the request asks for ${points} points of each series; the limit is ${most}`,
      'ask for a longer step or a shorter range',
    );
}

function notForRanges(type: ValueType): QueryError {
  const problem = `invalid expression type "${typeName(type)}" for range query, must be Scalar or instant Vector`;
  return invalidParameter('query', problem);
}
