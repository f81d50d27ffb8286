import { EMPTY_LABELS, pairsOf } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { openAnswer } from './api-call.ts';
import { EndpointError } from '../endpoint-error.ts';
import { ownLabelNames } from '../own-label-names.ts';
import { parseExternalLabels } from './external-labels.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { listLabelValues } from './label-api.ts';
import { sendIfOffered } from './offered.ts';

const CONFIG_CALL: HttpCall = { method: 'GET', path: '/api/v1/status/config' };

/**
 * Asks the server for its external labels. A server without that call has no such notion, so it has none; one that
 * refuses it, or shows a page or redirects instead, may well have some, so that is a failure.
 */
export async function readExternalLabels(client: HttpClient, scope: CallScope): Promise<Labels> {
  const answer = await sendIfOffered(client, CONFIG_CALL, scope, true).catch((thrown: unknown) => {
    throw thrown instanceof EndpointError && thrown.kind === 'bad_data' ? withAdvice(thrown) : thrown;
  });
  if (answer === undefined) return EMPTY_LABELS;
  const { data } = await openAnswer(answer, scope);
  if (typeof data !== 'object' || data === null || !('yaml' in data) || typeof data.yaml !== 'string')
    throw new EndpointError('bad_data', 'its status/config answer holds no configuration');
  return parseExternalLabels(data.yaml);
}

/**
 * The external labels whose names series carry themselves with another value, at any time: the server's label API knows the
 * labels of series and not its external ones.
 */
export async function readOwnLabelNames(
  client: HttpClient,
  externalLabels: Labels,
  scope: CallScope,
): Promise<ReadonlySet<string>> {
  const external = new Map([...pairsOf(externalLabels)].map(([name, value]) => [name, new Set([value])]));
  const everything = { matcherSets: [], minTime: -Infinity, maxTime: Infinity };
  return ownLabelNames(
    external,
    (name, limit) => listLabelValues(client, name, { ...everything, limit }, scope),
    scope.signal,
  );
}

function withAdvice({ kind, message, detail, cause }: EndpointError): EndpointError {
  return new EndpointError(
    kind,
    `${message}; or set external_labels for this endpoint, then this call is not made`,
    { detail, cause },
  );
}
