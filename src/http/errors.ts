import { type ErrorKind, QueryError, toQueryError } from '../model/errors.ts';
import { BODY_LIMIT } from './body.ts';

/** How a failure looks to an HTTP client. */
export interface HttpFailure {
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
  /** When the client may try again, s; undefined where that is of no use. */
  readonly retryAfter?: number | undefined;
}

/** nginx's status for a client that did not wait for the answer. Prometheus uses it, too. */
const CLIENT_CLOSED_REQUEST = 499;

/** Most queries end sooner, s. */
const SOONEST_RETRY_S = 3;
const LATEST_RETRY_S = 8;
let refusals = 0;

/**
 * When one that is refused may try again, s. Callers that are refused together come again one after the other: a thousand connections at
 * once would hold up all others.
 */
export function retryAfter(): number {
  return SOONEST_RETRY_S + (refusals++ % (LATEST_RETRY_S - SOONEST_RETRY_S + 1));
}

/**
 * Statuses and types of Prometheus' API. Three differ: `unavailable` and `overloaded` are 503 and not 500, so that balancers
 * and clients try again, and `too_large` looks like Prometheus' limit on samples.
 */
const KINDS: Readonly<Record<ErrorKind, Pick<HttpFailure, 'status' | 'errorType'>>> = {
  bad_data: { status: 400, errorType: 'bad_data' },
  unauthenticated: { status: 401, errorType: 'unauthorized' },
  forbidden: { status: 403, errorType: 'forbidden' },
  execution: { status: 422, errorType: 'execution' },
  too_large: { status: 422, errorType: 'execution' },
  timeout: { status: 503, errorType: 'timeout' },
  canceled: { status: CLIENT_CLOSED_REQUEST, errorType: 'canceled' },
  stopped: { status: 503, errorType: 'canceled' },
  overloaded: { status: 503, errorType: 'unavailable' },
  too_often: { status: 429, errorType: 'too_many_requests' },
  unavailable: { status: 503, errorType: 'unavailable' },
  not_found: { status: 404, errorType: 'not_found' },
  internal: { status: 500, errorType: 'internal' },
};

/** Sentences for refusals of which the server framework says little, by its codes. */
const REFUSALS: ReadonlyMap<unknown, string> = new Map([
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    `the body of the request is larger than ${BODY_LIMIT} bytes, the most that is read`,
  ],
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    'the header Content-Type is no media type; send parameters as application/x-www-form-urlencoded',
  ],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'the body of the request is not as long as its Content-Length says'],
]);

/** Errors quote what they are about, which may be a literal of megabytes. Characters. */
const MOST_MESSAGE = 4096;
/** What is wrong often stands behind the quotation. */
const SHOWN_OF_END = 512;

/** Turns anything thrown while a request was served into what the client sees. */
export function toHttpFailure(thrown: unknown): HttpFailure {
  const failure = failureOf(thrown);
  return { ...failure, message: shortened(failure.message) };
}

function shortened(message: string): string {
  if (message.length <= MOST_MESSAGE) return message;
  const beginning = message.slice(0, MOST_MESSAGE - SHOWN_OF_END);
  return `${beginning} … ${message.slice(-SHOWN_OF_END)}`.toWellFormed();
}

function failureOf(thrown: unknown): HttpFailure {
  const status = clientErrorStatus(thrown);
  if (status !== undefined) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    return { status, errorType: 'bad_data', message: REFUSALS.get(code) ?? message };
  }
  const { kind, message } = toQueryError(thrown);
  const failure = { ...KINDS[kind], message };
  return kind === 'overloaded' || kind === 'too_often' ? { ...failure, retryAfter: retryAfter() } : failure;
}

/** The server framework gives a status to what it refuses: bodies that are too large, malformed paths. */
function clientErrorStatus(thrown: unknown): number | undefined {
  if (thrown instanceof QueryError || !(thrown instanceof Error)) return undefined;
  const { statusCode } = thrown as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
