import { EMPTY_LABELS, pairsOf } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import { callApi, drain, isNotOffered, parseEnvelope, jsonBody, statusError } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import { parseExternalLabels } from './external-labels.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { listLabelValues } from './label-api.ts';

const CONFIG_CALL: HttpCall = { method: 'GET', path: '/api/v1/status/config' };
const BUILD_CALL: HttpCall = { method: 'GET', path: '/api/v1/status/buildinfo' };

/**
 * Asks the server for its external labels. A server without that call (404 …) has no such notion, so it has none;
 * one that refuses it may well have some, so that is a failure.
 */
export async function readExternalLabels(client: HttpClient, signal: AbortSignal): Promise<Labels> {
  const answer = await client.send(CONFIG_CALL, signal);
  if (isNotOffered(answer.status) && !answer.contentType.includes('html')) {
    await drain(answer);
    return EMPTY_LABELS;
  }
  if (answer.status === 401 || answer.status === 403)
    throw new EndpointError(
      'bad_data',
      `${(await statusError(answer, CONFIG_CALL)).message}; or set external_labels for this endpoint, then this call is not made`,
    );
  const { data } = parseEnvelope(await jsonBody(answer, CONFIG_CALL)) as { readonly data?: unknown };
  if (typeof data !== 'object' || data === null || !('yaml' in data) || typeof data.yaml !== 'string')
    throw new EndpointError('bad_data', 'its status/config answer holds no configuration');
  return parseExternalLabels(data.yaml);
}

/** Names that are asked for; a server with more external labels is taken to have series with the others. */
const MOST_NAMES = 32;

/**
 * The external labels whose names series carry themselves with another value, at any time: the server's label API knows the
 * labels of series and not its external ones. What it does not tell, or not wholly, may be so.
 */
export async function readOwnLabelNames(
  client: HttpClient,
  externalLabels: Labels,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const pairs = [...pairsOf(externalLabels)];
  const carried = await Promise.all(
    pairs.map(async ([name, value], i) => i >= MOST_NAMES || mayBeCarried(client, name, value, signal)),
  );
  return new Set(pairs.filter((_, i) => carried[i]).map(([name]) => name));
}

async function mayBeCarried(
  client: HttpClient,
  name: string,
  external: string,
  signal: AbortSignal,
): Promise<boolean> {
  // Of two values one is another.
  const everything = { matcherSets: [], minTime: -Infinity, maxTime: Infinity, limit: 2 };
  try {
    const { items, annotations } = await listLabelValues(client, name, everything, signal);
    return items.some((value) => value !== external) || annotations.some(({ kind }) => kind !== 'remark');
  } catch (thrown) {
    if (thrown instanceof EndpointError && !signal.aborted) return true;
    throw thrown;
  }
}

/** The version as the server tells it; empty where it does not. */
export async function readVersion(client: HttpClient, signal: AbortSignal): Promise<string> {
  try {
    const { data } = await callApi(client, BUILD_CALL, signal);
    const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : '';
    return typeof version === 'string' ? version : '';
  } catch (thrown) {
    // The version is for display only: a server without this call is as good as one with it.
    if (thrown instanceof EndpointError && !signal.aborted) return '';
    throw thrown;
  }
}
