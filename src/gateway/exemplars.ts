import type { NotedList } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import type { ExemplarSeries } from '../model/exemplar.ts';
import { parse } from '../promql/parse.ts';
import { walk } from '../promql/walk.ts';
import { askWithin } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';

export interface ExemplarsQuery {
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
  parts: GatewayContext,
  scope: RequestScope,
  query: ExemplarsQuery,
): Promise<FoundExemplars> {
  const { minTime, maxTime } = query;
  if (maxTime < minTime) throw new QueryError('bad_data', 'end timestamp must not be before start timestamp');
  const matcherSets = [...walk(parse(query.text, parts.features))].flatMap((expr) =>
    expr.kind === 'vectorSelector' ? [expr.matchers] : [],
  );
  if (matcherSets.length === 0) return { items: [], annotations: [], hasSelectors: false };
  const request = { matcherSets, minTime, maxTime };
  const ask = (bounded: RequestScope): Promise<NotedList<ExemplarSeries>> =>
    parts.selection.lists.exemplars(bounded, request);
  const found = await askWithin(parts, scope, ask, 'exemplars lookup');
  return { ...found, hasSelectors: true };
}
