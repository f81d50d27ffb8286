import { EMPTY_LABELS } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import { callApi, drain, isNotOffered, parseEnvelope, jsonBody, statusError } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import { parseExternalLabels } from './external-labels.ts';
import type { HttpCall, HttpClient } from './http-client.ts';

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
