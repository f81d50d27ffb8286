import { labelsFromRecord } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { MetadataRequest, NotedList } from '../backend.ts';
import { apiCall, callApi, formText, apiTime } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { HttpClient } from './http-client.ts';
import { selectorText } from './selector-text.ts';

/** Series that match and have samples in the range, as the server has them: without its external labels. */
export async function listSeries(
  client: HttpClient,
  request: MetadataRequest,
  signal: AbortSignal,
): Promise<NotedList<Labels>> {
  // Prometheus refuses a series request without a selector, where its label calls take that for "all".
  const matcherSets = request.matcherSets.length === 0 ? [[]] : request.matcherSets;
  const call = apiCall('/api/v1/series', parameters({ ...request, matcherSets }));
  const { data, annotations } = await callApi(client, call, signal);
  return { items: listOf(data, isRecord, 'series').map(labelsFromRecord), annotations };
}

export async function listLabelNames(
  client: HttpClient,
  request: MetadataRequest,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  const { data, annotations } = await callApi(client, apiCall('/api/v1/labels', parameters(request)), signal);
  return { items: listOf(data, isString, 'label names'), annotations };
}

export async function listLabelValues(
  client: HttpClient,
  label: string,
  request: MetadataRequest,
  signal: AbortSignal,
): Promise<NotedList<string>> {
  const path = `/api/v1/label/${encodeURIComponent(pathName(label))}/values`;
  // Only GET is offered for values: a long list of matchers has to fit into the query string.
  const { data, annotations } = await callApi(
    client,
    { method: 'GET', path: `${path}?${formText(parameters(request))}` },
    signal,
  );
  return { items: listOf(data, isString, 'label values'), annotations };
}

function parameters(request: MetadataRequest): readonly (readonly [string, string])[] {
  const { matcherSets, minTime, maxTime, limit } = request;
  return [
    ...matcherSets.map((matchers) => ['match[]', selectorText(matchers)] as const),
    ...(Number.isFinite(minTime) ? [['start', apiTime(minTime)] as const] : []),
    ...(Number.isFinite(maxTime) ? [['end', apiTime(maxTime)] as const] : []),
    ...(limit > 0 ? [['limit', String(limit)] as const] : []),
  ];
}

/**
 * A label name in a path. Names outside of the classic character set go in Prometheus' `U__` escaping, which old and
 * new servers take: `_` doubled, other characters as `_hex_` (prometheus/common model, value-encoding escape).
 */
function pathName(label: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && !label.startsWith('U__')) return label;
  const escaped = Array.from(label, (character, i) => {
    if (character === '_') return '__';
    const plain = i === 0 ? /[a-zA-Z]/ : /[a-zA-Z0-9]/;
    return plain.test(character) ? character : `_${character.codePointAt(0)!.toString(16)}_`;
  });
  return `U__${escaped.join('')}`;
}

function listOf<T>(data: unknown, is: (item: unknown) => item is T, what: string): readonly T[] {
  if (data === null) return [];
  if (Array.isArray(data) && data.every(is)) return data;
  throw new EndpointError(
    'bad_data',
    `its answer holds no list of ${what}; check that it is a Prometheus API`,
  );
}

function isString(item: unknown): item is string {
  return typeof item === 'string';
}

function isRecord(item: unknown): item is Record<string, string> {
  return typeof item === 'object' && item !== null && Object.values(item).every(isString);
}
