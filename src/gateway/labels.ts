import type { NotedList } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import { lookUp, toLookupRequest, type LookupQuery } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';

/** Names of the labels that the matching series have, sorted. */
export async function findLabelNames(
  parts: GatewayContext,
  scope: RequestScope,
  query: LookupQuery,
): Promise<NotedList<string>> {
  return lookUp(parts, scope, toLookupRequest(query, parts), (bounded, request) =>
    parts.selection.labelNames(bounded, request),
  );
}

/** Values that one label has in the matching series, sorted. A label name is any text but the empty one. */
export async function findLabelValues(
  parts: GatewayContext,
  scope: RequestScope,
  label: string,
  query: LookupQuery,
): Promise<NotedList<string>> {
  if (label === '') throw new QueryError('bad_data', 'invalid label name: ""');
  return lookUp(parts, scope, toLookupRequest(query, parts), (bounded, request) =>
    parts.selection.labelValues(bounded, label, request),
  );
}
