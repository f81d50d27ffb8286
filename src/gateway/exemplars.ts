import type { NotedList } from '../backend/backend.ts';
import { QueryError } from '../model/errors.ts';
import type { ExemplarSeries } from '../model/exemplar.ts';
import { parse } from '../promql/parse.ts';
import { walk } from '../promql/walk.ts';
import { withDeadline } from './deadline.ts';
import type { GatewayParts } from './parts.ts';
import { selectionOptions, type RequestOptions } from './request-options.ts';

export interface ExemplarsQuery extends RequestOptions {
  /** A query, of which the selectors alone count. */
  readonly text: string;
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
}

export interface FoundExemplars extends NotedList<ExemplarSeries> {
  /** False for a query without selectors. */
  readonly hasSelectors: boolean;
}

/** The exemplars of all series that a query selects, whatever it computes. */
export async function findExemplars(
  { selection, defaults, features, limits, timers }: GatewayParts,
  query: ExemplarsQuery,
  signal: AbortSignal,
): Promise<FoundExemplars> {
  const { minTime, maxTime } = query;
  if (maxTime < minTime) throw new QueryError('bad_data', 'end timestamp must not be before start timestamp');
  const matcherSets = [...walk(parse(query.text, features))].flatMap((expr) =>
    expr.kind === 'vectorSelector' ? [expr.matchers] : [],
  );
  if (matcherSets.length === 0) return { items: [], annotations: [], hasSelectors: false };
  const request = { matcherSets, minTime, maxTime };
  const found = await withDeadline(
    limits.timeout,
    signal,
    timers,
    () => 'exemplars lookup',
    (bounded) => selection.operations.exemplars(request, selectionOptions(query, defaults), bounded),
  );
  return { ...found, hasSelectors: true };
}
