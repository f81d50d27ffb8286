import type { NotedItems, NotedList } from '../model/annotations.ts';
import { QueryError } from '../model/errors.ts';
import { bytesOfTexts } from './list-cache.ts';
import { lookUp, toLookupRequest, type LookupQuery } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';

/** Names of the labels that the matching series have, sorted. */
export async function findLabelNames(
  parts: GatewayContext,
  scope: RequestScope,
  query: LookupQuery,
): Promise<NotedList<string>> {
  const request = toLookupRequest(query, parts);
  const question = { list: 'labels', asked: query, bytesOf: bytesOfText } as const;
  return parts.kept.answer(scope, question, () =>
    lookUp(parts, scope, request, (bounded, wanted) => parts.selection.labelNames(bounded, wanted)),
  );
}

/** Values that one label has in the matching series, sorted. A label name is any text but the empty one. */
export async function findLabelValues(
  parts: GatewayContext,
  scope: RequestScope,
  label: string,
  query: LookupQuery,
): Promise<NotedItems<string>> {
  if (label === '') throw new QueryError('bad_data', 'invalid label name: ""');
  const request = toLookupRequest(query, parts);
  const question = { list: 'label_values', asked: [label, query], bytesOf: bytesOfText } as const;
  return parts.kept.answer(scope, question, () =>
    lookUp(parts, scope, request, (bounded, wanted) => parts.selection.labelValues(bounded, label, wanted)),
  );
}

function bytesOfText(text: string): number {
  return bytesOfTexts([text]);
}
