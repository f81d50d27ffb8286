import type { Labels } from '../../model/labels.ts';
import { type Result, success } from '../../model/result.ts';
import type { BackendFailure, NotedList } from '../backend.ts';
import type { Attempt } from '../endpoint-error.ts';
import { NO_TARGETS, type Operations } from '../operations.ts';
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

/** Rules, targets, metadata, exemplars and statistics over the HTTP API. External labels are asked for anew at each call. */
export function createOperations(
  client: HttpClient,
  externalLabels: () => Labels,
  attempt: Attempt,
): Operations {
  const list = <T>(
    call: HttpCall,
    read: (data: unknown) => readonly T[],
    signal: AbortSignal,
  ): Promise<Result<NotedList<T>, BackendFailure>> =>
    attempt(signal, async (inner) => {
      const answer = await callIfOffered(client, call, inner);
      if (answer === undefined) return { items: [], annotations: [] };
      return { items: read(answer.data), annotations: answer.annotations };
    });
  return {
    rules: (request, signal) =>
      list(get('rules', rulesParameters(request)), (data) => readRuleGroups(data, externalLabels()), signal),
    targets: (request, signal) =>
      attempt(signal, async (inner) => {
        const answer = await callIfOffered(client, get('targets', targetsParameters(request)), inner);
        if (answer === undefined) return NO_TARGETS;
        return { ...readTargets(answer.data, externalLabels()), annotations: answer.annotations };
      }),
    metadata: (request, signal) => list(get('metadata', metadataParameters(request)), readMetadata, signal),
    targetMetadata: (request, signal) =>
      list(
        get('targets/metadata', targetMetadataParameters(request)),
        (data) => readTargetMetadata(data, request, externalLabels()),
        signal,
      ),
    exemplars: (request, signal) =>
      attempt(signal, async (inner) => listExemplars(client, request, externalLabels(), inner)),
    tsdbStatistics: (request, signal) =>
      isMeant(request)
        ? list(get('status/tsdb', tsdbStatisticsParameters(request)), readTsdbStatistics, signal)
        : Promise.resolve(success({ items: [], annotations: [] })),
  };
}

function get(name: string, parameters: Parameters): HttpCall {
  return getCall(`/api/v1/${name}`, parameters);
}
