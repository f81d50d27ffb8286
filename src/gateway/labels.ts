import type { NotedList } from '../backend/backend.ts';
import { QueryError } from '../model/errors.ts';
import { askWithin, isEmptyRange, toMetadataRequest, type MetadataQuery } from './metadata.ts';
import type { GatewayParts } from './parts.ts';
import { selectionOptions } from './request-options.ts';

/** Names of the labels that the matching series have, sorted. */
export async function findLabelNames(
  parts: GatewayParts,
  query: MetadataQuery,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  const request = toMetadataRequest(query, parts.features);
  if (isEmptyRange(query)) return { items: [], annotations: [] };
  const options = selectionOptions(query, parts.defaults);
  return askWithin(parts, signal, (bounded) => parts.selection.labelNames(request, options, bounded));
}

/** Values that one label has in the matching series, sorted. A label name is any text but the empty one. */
export async function findLabelValues(
  parts: GatewayParts,
  label: string,
  query: MetadataQuery,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  if (label === '') throw new QueryError('bad_data', 'invalid label name: ""');
  const request = toMetadataRequest(query, parts.features);
  if (isEmptyRange(query)) return { items: [], annotations: [] };
  const options = selectionOptions(query, parts.defaults);
  return askWithin(parts, signal, (bounded) => parts.selection.labelValues(label, request, options, bounded));
}
