import { EndpointError } from '../../../backend/endpoint-error.ts';
import { type HttpAnswer, type HttpClient, readAll } from '../../../backend/prometheus/http-client.ts';
import type { CallScope } from '../../../model/request-scope.ts';
import { type ApiObject, type EndpointSlice, readSlice, recordOf, versionOf } from './endpoint-slice.ts';
import { linesOf } from './json-lines.ts';
import { checkCount, KnownSlices } from './known-slices.ts';

/** Which EndpointSlices are asked for. */
export interface SliceQuery {
  /** Undefined for all. */
  readonly namespace: string | undefined;
  readonly labelSelector: string;
  /** Name or number; undefined where slices have one alone. */
  readonly port: string | undefined;
}

/** A slice that changed, or a sign that none did up to a version. */
export interface SliceEvent {
  readonly type: 'set' | 'deleted' | 'bookmark';
  readonly version: string;
  readonly slice: EndpointSlice | undefined;
}

/** The API server has forgotten what changed since a version, so that all has to be listed anew. */
export class Gone extends Error {}

const GONE = 410;
/** So many slices come at once, of up to 1000 endpoints each. */
const SLICES_A_PAGE = 10;
/** A page is not larger, bytes; an object of the API is 1.5 MiB at most. */
export const MOST_PAGE_BYTES: number = 4 * 1024 ** 2;
export const MOST_EVENT_BYTES: number = 2 * 1024 ** 2;

/** Lists all slices, page by page. Throws EndpointError; {@link Gone} where they changed too much between two pages. */
export async function listSlices(
  client: HttpClient,
  scope: CallScope,
  query: SliceQuery,
): Promise<KnownSlices> {
  const slices: EndpointSlice[] = [];
  let next = '';
  for (;;) {
    const page = await pageOf(client, scope, query, next);
    const { items } = page;
    if (!Array.isArray(items))
      throw new EndpointError('bad_data', 'the API server sends a list without items');
    slices.push(...items.map((item: unknown) => readSlice(item, query.port)));
    checkCount(slices.length);
    const more = (page['metadata'] as ApiObject | undefined)?.['continue'];
    if (typeof more !== 'string' || more === '') return new KnownSlices(slices, versionOf(page));
    // A page that adds nothing would go on for ever.
    if (items.length === 0)
      throw new EndpointError('bad_data', 'the API server sends an empty page of a list');
    next = more;
  }
}

async function pageOf(
  client: HttpClient,
  scope: CallScope,
  query: SliceQuery,
  next: string,
): Promise<ApiObject> {
  const parameters = { limit: String(SLICES_A_PAGE), ...(next !== '' && { continue: next }) };
  const answer = await send(client, scope, query, parameters);
  const body = await readAll(
    answer,
    undefined,
    MOST_PAGE_BYTES,
    () =>
      new EndpointError(
        'too_large',
        `${SLICES_A_PAGE} endpoint slices take more than ${MOST_PAGE_BYTES} bytes, which is not read`,
      ),
  );
  scope.budget.give(body.length);
  return recordOf(parsed(body.toString('utf8')), 'a list');
}

/**
 * Tells what changes from a version on, for so many seconds. Ends where the body ends. Throws EndpointError where that breaks off, and
 * {@link Gone}.
 * @param onOpen hears that the server answers.
 */
export async function* watchSlices(
  client: HttpClient,
  scope: CallScope,
  query: SliceQuery,
  from: { readonly version: string; readonly seconds: number },
  onOpen: () => void,
): AsyncGenerator<SliceEvent> {
  const answer = await send(client, scope, query, {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from.version,
    timeoutSeconds: String(from.seconds),
  });
  onOpen();
  for await (const line of linesOf(answer.body, MOST_EVENT_BYTES))
    if (line !== '') yield eventOf(recordOf(parsed(line), 'an event'), query);
}

function eventOf({ type, object }: ApiObject, { port }: SliceQuery): SliceEvent {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'set', version: versionOf(object), slice: readSlice(object, port) };
    case 'DELETED':
      return { type: 'deleted', version: versionOf(object), slice: readSlice(object, port) };
    case 'BOOKMARK':
      return { type: 'bookmark', version: versionOf(object), slice: undefined };
    case 'ERROR': {
      const { code } = recordOf(object, 'a status');
      if (code === GONE) throw new Gone();
      throw new EndpointError('execution', `the API server ended the watch with status ${String(code)}`);
    }
    default:
      throw new EndpointError('bad_data', 'the API server sends an event of a type that is not known');
  }
}

async function send(
  client: HttpClient,
  scope: CallScope,
  { namespace, labelSelector }: SliceQuery,
  parameters: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const within = namespace === undefined ? '' : `namespaces/${encodeURIComponent(namespace)}/`;
  const search = new URLSearchParams({ labelSelector, ...parameters }).toString();
  const path = `/apis/discovery.k8s.io/v1/${within}endpointslices?${search}`;
  const answer = await client.send({ method: 'GET', path, headers: { accept: 'application/json' } }, scope);
  if (answer.status === GONE) throw new Gone();
  if (answer.status !== 200) throw new EndpointError('unavailable', statusProblem(answer.status, namespace));
  return answer;
}

function statusProblem(status: number, namespace: string | undefined): string {
  switch (status) {
    case 401:
      return 'the API server does not take the token (status 401); check bearer_token_file and the service account';
    case 403:
      return (
        'the service account may not list and watch endpointslices of discovery.k8s.io ' +
        `${namespace === undefined ? 'in all namespaces' : `in the namespace ${namespace}`} (status 403); give it a role that allows both`
      );
    case 404:
      return 'the API server does not have discovery.k8s.io/v1 (status 404); check api_server, and that it is Kubernetes 1.21 or newer';
    default:
      return `the API server answered with status ${status}`;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new EndpointError('bad_data', 'what the API server sends is no JSON', { cause: thrown });
  }
}
