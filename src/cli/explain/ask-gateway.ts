import type { ExplanationJson } from '../../http/api/explanation.ts';
import { messageOf, QueryError } from '../../model/errors.ts';

/** An explanation with the remarks on it. */
export interface ExplainAnswer {
  readonly data: ExplanationJson;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What is read of the API's envelope. */
interface Envelope {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: ExplanationJson;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** Codes of certificates of which no trusted authority signed the first, or one between. */
const UNTRUSTED = /^(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/;

const AS_WHOM = 'show it with --header, such as --header="Authorization: Bearer TOKEN"';

/**
 * Asks `/api/v1/explain` of a gateway.
 * @param headers sent with the request, such as the one that names a tenant.
 * @throws QueryError that names the gateway and says what went wrong.
 */
export async function askGateway(
  url: string,
  parameters: URLSearchParams,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<ExplainAnswer> {
  const response = await post(url, parameters, signal, headers);
  if (response.status === 401 && response.headers.has('WWW-Authenticate')) {
    await response.body?.cancel();
    throw new QueryError('bad_data', `${url} asks who you are; ${AS_WHOM}`);
  }
  const envelope = await readEnvelope(url, response);
  if (envelope.status === 'error') {
    const problem = typeof envelope.error === 'string' ? envelope.error : `status ${response.status}`;
    throw new QueryError('bad_data', `${url} refused: ${problem}`);
  }
  const { data, warnings = [], infos = [] } = envelope;
  if (data === undefined) throw notAGateway(url, response.status);
  return { data, warnings, infos };
}

async function post(
  url: string,
  body: URLSearchParams,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const target = URL.parse('api/v1/explain', url.endsWith('/') ? url : `${url}/`);
  if (target === null || !target.protocol.startsWith('http'))
    throw new QueryError('bad_data', `--url takes an address such as http://127.0.0.1:10902, not ${url}`);
  if (target.username !== '' || target.password !== '')
    throw new QueryError('bad_data', `--url takes no user and no password; ${AS_WHOM}`);
  try {
    return await fetch(target, { method: 'POST', body, signal, headers });
  } catch (thrown) {
    if (signal.aborted) throw new QueryError('canceled', 'stopped before the gateway answered');
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
    throw new QueryError(
      'unavailable',
      `no gateway answers at ${url} (${reasonOf(cause)}); start one with "promweave serve", name another with --url, ` +
        'or name endpoints with --endpoint or --config',
      { cause },
    );
  }
}

/** Where connections to several addresses of one host failed, the error itself has no message. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (UNTRUSTED.test(code))
    return 'its certificate is signed by no authority that is known here; NODE_EXTRA_CA_CERTS names a file with one';
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(', ');
  return messageOf(cause);
}

async function readEnvelope(url: string, response: Response): Promise<Envelope> {
  const text = await response.text();
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Not JSON, so it is no answer of promweave.
  }
  throw notAGateway(url, response.status);
}

function notAGateway(url: string, status: number): QueryError {
  return new QueryError(
    'bad_data',
    `${url} answered /api/v1/explain with status ${status} and no explanation: is it a promweave?`,
  );
}
