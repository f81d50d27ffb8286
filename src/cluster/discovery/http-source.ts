import { EndpointError, attempt } from '../../backend/endpoint-error.ts';
import { type HttpClient, readAll } from '../../backend/prometheus/http-client.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import { ownCall } from '../../model/request-scope.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { withoutSecrets } from '../../model/server-address.ts';
import { failed, type Result, success } from '../../model/result.ts';
import { parseEndpointAddress } from './address.ts';
import { type AddressForm, wholeAddress } from './address-form.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './address-source.ts';
import { MOST_LIST_BYTES, targetsOf } from './endpoint-list.ts';

/** A server that lists addresses as Prometheus' HTTP discovery has it. */
export interface ListServer {
  /** With its query, which may hold secrets. */
  readonly url: string;
  /** How often it is asked, ms. */
  readonly intervalMs: number;
  readonly form: AddressForm;
  /** A client for one look, to the origin of the URL. */
  readonly open: () => HttpClient;
}

/**
 * Finds endpoints in a list that a server has, as Prometheus' `http_sd_config` does: `GET` of a JSON list of
 * `{ "targets": […], "labels": {…} }`, with status 200 and the type `application/json`.
 */
export function createHttpSource(server: ListServer, endpoints: EndpointMaker): AddressSource {
  const { url, form } = server;
  return {
    name: withoutSecrets(url),
    key: JSON.stringify([url, form]),
    find: (signal) => askForList(server, signal),
    endpoints,
  };
}

async function askForList(server: ListServer, signal: AbortSignal): Promise<Result<FoundAddresses, string>> {
  const { intervalMs } = server;
  const url = withoutSecrets(server.url);
  const client = server.open();
  try {
    const listed = await ownCall(signal, async (scope) =>
      attempt(url, scope, async () => addressesIn(await textOf(client, server, scope), server.form)),
    );
    if (!listed.ok) return failed(`cannot read endpoints from ${url}: ${listed.failure.reason}`);
    // As for files: a list that is empty by mistake takes nothing away.
    if (listed.value.length === 0) return failed(`${url} lists no endpoints`);
    return success({ addresses: listed.value, validMs: intervalMs });
  } finally {
    await client.close();
  }
}

async function textOf(
  client: HttpClient,
  { url, intervalMs }: ListServer,
  scope: CallScope,
): Promise<string> {
  const { pathname, search } = new URL(url);
  const headers = {
    accept: 'application/json',
    'x-prometheus-refresh-interval-seconds': String(intervalMs / 1000),
  };
  const answer = await client.send({ method: 'GET', path: pathname + search, headers }, scope);
  const { status, contentType } = answer;
  if (status >= 300 && status < 400)
    throw new EndpointError(
      'bad_data',
      `it redirects (status ${status}), which is not followed; write the address that has the list`,
      { detail: answer.header('location') },
    );
  if (status !== 200)
    throw new EndpointError(
      'unavailable',
      `it answered with status ${status}; check its log and the credentials`,
    );
  if (!/^application\/json(?:;|$)/.test(contentType))
    throw new EndpointError('bad_data', 'its answer is not of the type application/json; check the address');
  const body = await readAll(
    answer,
    undefined,
    MOST_LIST_BYTES,
    () =>
      new EndpointError(
        'too_large',
        `its list is larger than ${MOST_LIST_BYTES} bytes; list fewer endpoints`,
      ),
  );
  scope.budget.give(body.length);
  return body.toString('utf8');
}

function addressesIn(text: string, form: AddressForm): readonly FoundAddress[] {
  const content = parsed(text);
  if (!Array.isArray(content)) throw new EndpointError('bad_data', 'it must send a list of targets');
  try {
    const found = content.flatMap(targetsOf).map((listed) => ({
      ...listed,
      address: wholeAddress(listed.address, form),
      serverName: undefined,
    }));
    for (const { address } of found) parseEndpointAddress(address);
    return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
  } catch (thrown) {
    if (!(thrown instanceof QueryError)) throw thrown;
    throw new EndpointError('bad_data', messageOf(thrown), { cause: thrown });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new EndpointError('bad_data', 'its answer is no JSON', { cause: thrown });
  }
}
