import type { RequestScope } from '../../model/request-scope.ts';
import { success } from '../../model/result.ts';
import type { Answered, EndpointList, EndpointNote } from '../answered.ts';
import type { Attempt } from '../endpoint-error.ts';
import { NO_TARGETS, type Operations } from '../operations.ts';
import {
  annotationsOf,
  apiCall,
  drain,
  formText,
  isNotOffered,
  jsonBody,
  parseEnvelope,
} from './api-call.ts';
import { exemplarsParameters, readExemplars } from './exemplars-api.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import {
  metadataParameters,
  readMetadata,
  readTargetMetadata,
  targetMetadataParameters,
} from './metadata-api.ts';
import { readRuleGroups, rulesParameters } from './rules-api.ts';
import { readTargets, targetsParameters } from './targets-api.ts';
import { isMeant, readTsdbStatistics, tsdbStatisticsParameters } from './tsdb-statistics-api.ts';
import type { Externals } from './with-external-labels.ts';

/** Rules, targets, metadata, exemplars and statistics over the HTTP API. External labels are asked for anew at each call. */
export function createOperations(
  client: HttpClient,
  externals: () => Externals,
  attempt: Attempt,
): Operations {
  const list = <T>(
    call: HttpCall,
    read: (data: unknown) => readonly T[],
    { signal }: RequestScope,
  ): Answered<EndpointList<T>> =>
    attempt(signal, async (inner) => {
      const answer = await callIfOffered(client, call, inner);
      if (answer === undefined) return { items: [], annotations: [] };
      return { items: read(answer.data), annotations: answer.annotations };
    });
  return {
    rules: (scope, request) =>
      list(get('rules', rulesParameters(request)), (data) => readRuleGroups(data, externals()), scope),
    targets: (scope, request) =>
      attempt(scope.signal, async (inner) => {
        const answer = await callIfOffered(client, get('targets', targetsParameters(request)), inner);
        if (answer === undefined) return NO_TARGETS;
        return { ...readTargets(answer.data, externals()), annotations: answer.annotations };
      }),
    metadata: (scope, request) => list(get('metadata', metadataParameters(request)), readMetadata, scope),
    targetMetadata: (scope, request) =>
      list(
        get('targets/metadata', targetMetadataParameters(request)),
        (data) => readTargetMetadata(data, request, externals()),
        scope,
      ),
    exemplars: (scope, request) =>
      list(
        apiCall('/api/v1/query_exemplars', exemplarsParameters(request)),
        (data) => readExemplars(data, externals()),
        scope,
      ),
    tsdbStatistics: (scope, request) =>
      isMeant(request)
        ? list(get('status/tsdb', tsdbStatisticsParameters(request)), readTsdbStatistics, scope)
        : Promise.resolve(success({ items: [], annotations: [] })),
  };
}

/** These calls are offered by GET alone, however long their parameters are. */
function get(name: string, parameters: readonly (readonly [string, string])[]): HttpCall {
  const text = formText(parameters);
  return { method: 'GET', path: `/api/v1/${name}${text === '' ? '' : `?${text}`}` };
}

interface Offered {
  readonly data: unknown;
  readonly annotations: readonly EndpointNote[];
}

/** Undefined where the server says that it has no such call. A page instead of an answer is a failure. */
async function callIfOffered(
  client: HttpClient,
  call: HttpCall,
  signal: AbortSignal,
): Promise<Offered | undefined> {
  const answer = await client.send(call, signal);
  if (isNotOffered(answer.status) && !answer.contentType.includes('html')) {
    await drain(answer);
    return undefined;
  }
  const envelope = parseEnvelope(await jsonBody(answer, call));
  return { data: envelope['data'], annotations: annotationsOf(envelope) };
}
