import { EMPTY_LABELS, pairsOf } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import { callApi, openAnswer } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import { parseExternalLabels } from './external-labels.ts';
import { readAll } from './http-client.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { listLabelValues } from './label-api.ts';
import { sendIfOffered } from './offered.ts';

const CONFIG_CALL: HttpCall = { method: 'GET', path: '/api/v1/status/config' };
const BUILD_CALL: HttpCall = { method: 'GET', path: '/api/v1/status/buildinfo' };

/**
 * Asks the server for its external labels. A server without that call has no such notion, so it has none; one that
 * refuses it, or shows a page or redirects instead, may well have some, so that is a failure.
 */
export async function readExternalLabels(client: HttpClient, signal: AbortSignal): Promise<Labels> {
  const answer = await sendIfOffered(client, CONFIG_CALL, signal, true).catch((thrown: unknown) => {
    throw thrown instanceof EndpointError && thrown.kind === 'bad_data' ? withAdvice(thrown) : thrown;
  });
  if (answer === undefined) return EMPTY_LABELS;
  const { data } = openAnswer(await readAll(answer.body));
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

function withAdvice({ kind, message, detail, cause }: EndpointError): EndpointError {
  return new EndpointError(
    kind,
    `${message}; or set external_labels for this endpoint, then this call is not made`,
    { detail, cause },
  );
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
