import type { CallScope, RequestScope } from '../../model/request-scope.ts';
import { success } from '../../model/result.ts';
import type { Answered, EndpointList } from '../answered.ts';
import type { Attempt } from '../endpoint-error.ts';
import { NO_ALERTMANAGERS, NO_TARGETS, type ListCalls } from '../list-calls.ts';
import type { Pacer } from '../../model/pacer.ts';
import { readAlertmanagers } from './alertmanagers-api.ts';
import { getCall } from './api-call.ts';
import type { Parameters } from './api-call.ts';
import { listExemplars } from './exemplars-api.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import {
  metadataParameters,
  readMetadata,
  readTargetMetadata,
  targetMetadataParameters,
} from './metadata-api.ts';
import { callIfOffered } from './offered.ts';
import { readRuleGroups, rulesParameters } from './rules-api.ts';
import { readTargets, targetsParameters } from './targets-api.ts';
import { isMeant, readTsdbStatistics, tsdbStatisticsParameters } from './tsdb-statistics-api.ts';
import type { Externals } from './with-external-labels.ts';
import { answerPacer } from '../pace.ts';

/** Rules, targets, Alertmanagers, metadata, exemplars and statistics over the HTTP API. External labels are asked for anew at each call. */
export function createListCalls(client: HttpClient, externals: () => Externals, attempt: Attempt): ListCalls {
  const list = <T>(
    call: HttpCall,
    read: (data: unknown, pacer: Pacer) => readonly T[] | Promise<readonly T[]>,
    scope: RequestScope,
  ): Answered<EndpointList<T>> =>
    attempt<EndpointList<T>, CallScope>(scope, async (inner) => {
      const answer = await callIfOffered(client, call, inner);
      if (answer === undefined) return { items: [], annotations: [] };
      return { items: await read(answer.data, answerPacer(inner)), annotations: answer.annotations };
    });
  return {
    rules: (scope, request) =>
      list(
        get('rules', rulesParameters(request)),
        (data, pacer) => readRuleGroups(data, externals(), pacer),
        scope,
      ),
    targets: (scope, request) =>
      attempt(scope, async (inner) => {
        const answer = await callIfOffered(client, get('targets', targetsParameters(request)), inner);
        if (answer === undefined) return NO_TARGETS;
        const targets = await readTargets(answer.data, externals(), answerPacer(inner));
        return { ...targets, annotations: answer.annotations };
      }),
    alertmanagers: (scope) =>
      attempt(scope, async (inner) => {
        const answer = await callIfOffered(client, get('alertmanagers', []), inner);
        if (answer === undefined) return NO_ALERTMANAGERS;
        return { ...readAlertmanagers(answer.data), annotations: answer.annotations };
      }),
    metadata: (scope, request) => list(get('metadata', metadataParameters(request)), readMetadata, scope),
    targetMetadata: (scope, request) =>
      list(
        get('targets/metadata', targetMetadataParameters(request)),
        (data, pacer) => readTargetMetadata(data, request, externals(), pacer),
        scope,
      ),
    exemplars: (scope, request) =>
      attempt(scope, async (inner) => listExemplars(client, request, externals(), inner)),
    tsdbStatistics: (scope, request) =>
      isMeant(request)
        ? list(get('status/tsdb', tsdbStatisticsParameters(request)), readTsdbStatistics, scope)
        : Promise.resolve(success({ items: [], annotations: [] })),
  };
}

function get(name: string, parameters: Parameters): HttpCall {
  return getCall(`/api/v1/${name}`, parameters);
}
