import type { NotedItems } from '../model/annotations.ts';
import type { Labels } from '../model/labels.ts';
import { invalidParameter } from './invalid-parameter.ts';
import { bytesOfTexts } from './list-cache.ts';
import { lookUp, requireSelectors, toLookupRequest, type LookupQuery } from './lookup.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { GatewayContext } from './parts.ts';

/** The label sets of the series that match one of the selectors, of which there must be one. */
export async function findSeries(
  parts: GatewayContext,
  scope: RequestScope,
  query: LookupQuery,
): Promise<NotedItems<Labels>> {
  requireSelectors(query.selectors);
  const request = readSelectors(parts, query);
  const question = { list: 'series', asked: query, bytesOf: bytesOfTexts } as const;
  return parts.kept.answer(scope, question, () =>
    lookUp(parts, scope, request, (bounded, wanted) => parts.selection.series(bounded, wanted)),
  );
}

/** Prometheus names the parameter here, but not in the label APIs. */
function readSelectors(parts: GatewayContext, query: LookupQuery): ReturnType<typeof toLookupRequest> {
  try {
    return toLookupRequest(query, parts);
  } catch (error) {
    throw invalidParameter('match[]', error);
  }
}
