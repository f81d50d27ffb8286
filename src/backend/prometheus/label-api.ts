import { answerPacer } from '../pace.ts';
import type { Labels } from '../../model/labels.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { EndpointItems, EndpointList } from '../answered.ts';
import type { LookupRequest, TakenRequest } from '../backend.ts';
import { apiCall, callApi, getCall, timeParameters } from './api-call.ts';
import type { ApiAnswer, Parameters } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { isString, listOf } from './list-of.ts';
import { askWithNames } from './old-names.ts';
import { isPlainName, selectorText } from './selector-text.ts';
import { callForSeries, callForTexts } from './item-lists/call-for-items.ts';

/**
 * Hands the series that match and have samples in the range to the taker, as the server has them: without its external labels.
 * @param more further parameters of the call.
 */
export async function listSeries(
  client: HttpClient,
  { taker, ...request }: TakenRequest,
  scope: CallScope,
  more: Parameters = [],
): Promise<EndpointItems<Labels>> {
  // Prometheus refuses a series request without a selector, where its label calls take that for "all".
  const wanted = request.matcherSets.length === 0 ? [[]] : request.matcherSets;
  const annotations = await askWithNames(wanted, (matcherSets) => {
    const parameters = parametersOf({ ...request, matcherSets });
    return callForSeries(client, apiCall('/api/v1/series', [...parameters, ...more]), scope, taker());
  });
  return { items: [], annotations: annotations ?? [] };
}

export async function listLabelNames(
  client: HttpClient,
  request: LookupRequest,
  scope: CallScope,
  more: Parameters = [],
): Promise<EndpointList<string>> {
  return list(
    request,
    isString,
    'label names',
    (parameters) => callApi(client, apiCall('/api/v1/labels', [...parameters, ...more]), scope),
    scope,
  );
}

export async function listLabelValues(
  client: HttpClient,
  label: string,
  request: LookupRequest,
  scope: CallScope,
  more: Parameters = [],
): Promise<EndpointItems<string>> {
  const path = `/api/v1/label/${encodeURIComponent(pathName(label))}/values`;
  const listed = await askWithNames(request.matcherSets, (matcherSets) => {
    const parameters = parametersOf({ ...request, matcherSets });
    return callForTexts(client, getCall(path, [...parameters, ...more]), 'label values', scope);
  });
  return listed ?? { items: [], annotations: [] };
}

async function list<T>(
  request: LookupRequest,
  is: (item: unknown) => item is T,
  what: string,
  call: (parameters: Parameters) => Promise<ApiAnswer>,
  scope: CallScope,
): Promise<EndpointList<T>> {
  const answer = await askWithNames(request.matcherSets, (matcherSets) =>
    call(parametersOf({ ...request, matcherSets })),
  );
  if (answer === undefined) return { items: [], annotations: [] };
  return { items: await listOf(answer.data, is, what, answerPacer(scope)), annotations: answer.annotations };
}

function parametersOf({ matcherSets, minTime, maxTime, limit }: LookupRequest): Parameters {
  return [
    ...matcherSets.map((matchers) => ['match[]', selectorText(matchers)] as const),
    ...timeParameters(minTime, maxTime),
    ...(limit > 0 ? [['limit', String(limit)] as const] : []),
  ];
}

/**
 * A label name in a path. Names outside of the classic character set go in Prometheus' `U__` escaping, which old and
 * new servers take: `_` doubled, other characters as `_hex_` (prometheus/common model, value-encoding escape).
 */
function pathName(label: string): string {
  if (isPlainName(label) && !label.startsWith('U__')) return label;
  const escaped = Array.from(label, (character, i) => {
    if (character === '_') return '__';
    const plain = i === 0 ? /[a-zA-Z]/ : /[a-zA-Z0-9]/;
    return plain.test(character) ? character : `_${character.codePointAt(0)!.toString(16)}_`;
  });
  return `U__${escaped.join('')}`;
}
