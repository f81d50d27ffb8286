import { status } from '@grpc/grpc-js';
import { messageOf } from '../../model/errors.ts';
import type { BackendFailure } from '../../model/loss.ts';
import { connectionProblem } from '../connection-problems.ts';
import { EndpointError } from '../endpoint-error.ts';
import { oneLine } from '../server-text.ts';

/** What a gRPC status means for this endpoint, and what to do about it (grpc/doc/statuscodes.md). */
const MEANINGS: Readonly<Record<number, readonly [kind: BackendFailure['kind'], advice: string]>> = {
  [status.CANCELLED]: ['unavailable', 'the server canceled the call'],
  [status.UNKNOWN]: ['execution', 'the server failed'],
  [status.INVALID_ARGUMENT]: ['bad_data', 'the server refused the request'],
  [status.DEADLINE_EXCEEDED]: ['timeout', 'no complete answer in time'],
  [status.NOT_FOUND]: ['bad_data', 'the server knows nothing of it'],
  [status.PERMISSION_DENIED]: ['bad_data', "the server denied it; check this endpoint's credentials"],
  [status.RESOURCE_EXHAUSTED]: ['too_large', 'a limit was exceeded'],
  [status.FAILED_PRECONDITION]: ['unavailable', 'the server is in no state to answer'],
  [status.ABORTED]: ['unavailable', 'the server gave up, since a part of its data cannot be read'],
  [status.OUT_OF_RANGE]: ['bad_data', 'the server refused the request'],
  [status.UNIMPLEMENTED]: [
    'bad_data',
    'the server does not offer this call; check that the address is that of a Thanos Store API',
  ],
  [status.INTERNAL]: ['execution', 'the server failed, or what answers is no gRPC server'],
  [status.UNAVAILABLE]: ['unavailable', 'the connection failed'],
  [status.DATA_LOSS]: ['execution', 'the server lost data'],
  [status.UNAUTHENTICATED]: ['bad_data', "the server wants other credentials; check this endpoint's"],
};

/** How gRPC's texts tell of connections that could not be made: by the error's code, or by the words of OpenSSL. */
const CONNECTION_PROBLEMS: readonly (readonly [text: RegExp, code: string])[] = [
  [/\bECONNREFUSED\b/, 'ECONNREFUSED'],
  [/\bENOTFOUND\b/, 'ENOTFOUND'],
  [/\bEAI_AGAIN\b/, 'EAI_AGAIN'],
  [/\bEHOSTUNREACH\b/, 'EHOSTUNREACH'],
  [/\bENETUNREACH\b/, 'ENETUNREACH'],
  [/unable to get (?:local )?issuer certificate/, 'UNABLE_TO_GET_ISSUER_CERT'],
  [/certificate signature failure/, 'CERT_SIGNATURE_FAILURE'],
  [/self-signed certificate in certificate chain/, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/self-signed certificate/, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [/unable to verify the first certificate/, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/wrong version number/, 'ERR_SSL_WRONG_VERSION_NUMBER'],
  [/Protocol error/, 'NOT_HTTP2'],
  [/certificate has expired/, 'CERT_HAS_EXPIRED'],
  [/does not match certificate's altnames/, 'ERR_TLS_CERT_ALTNAME_INVALID'],
];

/** Most characters of a status' text: each gateway on the way puts a sentence around that of the next. */
const MOST_DETAILS = 500;

/** Texts of the library about its connections, with addresses that are not for callers. */
const OF_CONNECTION =
  /^(?:No connection established|Name resolution failed|Connection dropped|connect |read |write )/;

/** What the library says of streams that ended without a status. */
const OF_STREAM = /^(?:Received RST_STREAM|Call ended without gRPC status|Stream refused)/;

/** Names the failure of a call to `method`. An error that does not come from gRPC is a bug and comes back as it is. */
export function callError(thrown: unknown, method: string, received: number): unknown {
  if (thrown instanceof EndpointError || !isStatusError(thrown)) return thrown;
  const { code, details } = thrown;
  const known = CONNECTION_PROBLEMS.find(([text]) => text.test(details))?.[1];
  const problem = known === undefined ? undefined : connectionProblem(known);
  if (code === status.UNAVAILABLE && problem !== undefined && received === 0)
    return new EndpointError(problem[0], problem[1], {
      cause: thrown,
      detail: details,
      isUnreachable: problem[0] === 'unavailable',
    });
  const [kind, advice] = MEANINGS[code] ?? ['execution', 'the server failed'];
  const said = details === '' || OF_CONNECTION.test(details) ? '' : ` (${oneLine(details, MOST_DETAILS)})`;
  const when = received === 0 ? '' : ` after ${received} bytes of an unfinished answer`;
  return new EndpointError(kind, `${advice}${when}: ${nameOf(code)} for ${method}${said}`, {
    cause: thrown,
    detail: details,
    isUnreachable: code === status.UNAVAILABLE && received === 0 && OF_CONNECTION.test(details),
    ...(isBroken(code, details) && { retryAfterMs: 0 }),
  });
}

/** Whether it was the connection that failed, which another call may survive. */
function isBroken(code: status, details: string): boolean {
  return code === status.UNAVAILABLE || (code === status.INTERNAL && OF_STREAM.test(details));
}

/** True where a server says that it has no such call, as opposed to failing in it. */
export function isNotOffered(thrown: unknown): boolean {
  return (
    thrown instanceof EndpointError &&
    isStatusError(thrown.cause) &&
    thrown.cause.code === status.UNIMPLEMENTED
  );
}

/** Answers whose bytes are no message. */
export function damaged(thrown: unknown, what: string): EndpointError {
  return new EndpointError('bad_data', `its ${what} is damaged: ${messageOf(thrown)}`, {
    cause: thrown,
    retryAfterMs: 0,
  });
}

function nameOf(code: number): string {
  return status[code] ?? `status ${code}`;
}

function isStatusError(thrown: unknown): thrown is { readonly code: status; readonly details: string } {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown) || !('details' in thrown))
    return false;
  return typeof thrown.code === 'number' && typeof thrown.details === 'string';
}
