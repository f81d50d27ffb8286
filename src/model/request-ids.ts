import { randomHex } from './random-hex.ts';
import { traceOf, traceparentOf, type Sampler, type TraceContext } from './trace-context.ts';

/** Under which ids a request is found again: in logs here, and with those that asked it and that it asks. */
export interface RequestIds {
  /** Unique in this process, whatever the caller says. */
  readonly request: string;
  /** As the caller names it by `X-Request-Id`, else the same as `request`. */
  readonly named: string;
  /** Undefined for calls of the gateway itself, which endpoints hear nothing of. */
  readonly trace: TraceContext | undefined;
}

/** Of calls of the gateway itself. */
export const OWN_IDS: RequestIds = { request: 'own', named: 'own', trace: undefined };

/** So many that no two requests have the same. They do not count: a tenant is not to learn how much others ask. */
const REQUEST_DIGITS = 16;

/** What names requests elsewhere: UUIDs, numbers, base64. All else would have to be escaped somewhere. */
const NAME = /^[\w.:;,+/=@~-]{1,128}$/;

/**
 * The ids of a request that has just come. What the caller names is taken where it has the form and length of an id, and is replaced
 * where not: it comes from anybody, and goes into logs and to endpoints.
 * @param header the value of a header, by its name in lower case.
 * @param sample decides whether spans are collected of it; without it the caller's word is passed on.
 */
export function requestIds(header: (name: string) => unknown, sample?: Sampler): RequestIds {
  const request = randomHex(REQUEST_DIGITS);
  const name = header('x-request-id');
  const named = typeof name === 'string' && NAME.test(name) ? name : request;
  const trace = traceOf(header('traceparent'), header('tracestate'));
  return { request, named, trace: sample === undefined ? trace : { ...trace, isSampled: sample(trace) } };
}

/** What endpoints are told of the request that they are asked for, as headers in lower case. */
export function passedOn({ named, trace }: RequestIds): Readonly<Record<string, string>> {
  if (trace === undefined) return {};
  const { state } = trace;
  return {
    'x-request-id': named,
    traceparent: traceparentOf(trace),
    ...(state !== '' && { tracestate: state }),
  };
}

/** The headers of every answer. The trace id has the name that Thanos gives it. */
export function answeredIds({ named, trace }: RequestIds): Readonly<Record<string, string>> {
  const name = { 'x-request-id': named };
  return trace === undefined
    ? name
    : { ...name, traceparent: traceparentOf(trace), 'x-thanos-trace-id': trace.traceId };
}

/** The ids as the log has them. */
export function loggedIds({ request, named, trace }: RequestIds): Readonly<Record<string, string>> {
  return {
    request,
    ...(named !== request && { requestId: named }),
    ...(trace !== undefined && { traceId: trace.traceId }),
  };
}
