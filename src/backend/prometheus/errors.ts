import { errors } from 'undici';
import { messageOf } from '../../model/errors.ts';
import { connectionProblem } from '../connection-problems.ts';
import { EndpointError } from '../endpoint-error.ts';

/** Names a failure of the connection before the answer's head came. What is none is a bug and comes back as it is. */
export function connectionError(thrown: unknown): unknown {
  if (!isOfConnection(thrown)) return thrown;
  const code = codeOf(thrown);
  const known = connectionProblem(code);
  if (known !== undefined)
    return new EndpointError(known[0], known[1], {
      cause: thrown,
      isUnreachable: known[0] === 'unavailable',
    });
  if (wasReset(thrown))
    return new EndpointError(
      'unavailable',
      'the connection was closed before an answer came; check whether it wants http or https, and its log',
      { cause: thrown, retryAfterMs: 0, isUnreachable: true },
    );
  return new EndpointError('unavailable', `the request failed (${code}); the log of this gateway says more`, {
    cause: thrown,
    detail: messageOf(thrown),
  });
}

/** Names a failure in the middle of an answer: what came so far is never used. A bug comes back as it is. */
export function bodyError(thrown: unknown, received: number): unknown {
  if (!isOfConnection(thrown)) return thrown;
  const known = connectionProblem(codeOf(thrown));
  const reason = known?.[1] ?? 'the connection broke';
  const isBroken = known === undefined || known[0] === 'unavailable';
  return new EndpointError(
    known?.[0] ?? 'unavailable',
    `${reason} after ${received} bytes of an unfinished answer; look for a crash or a proxy limit there`,
    { cause: thrown, detail: messageOf(thrown), ...(isBroken && { retryAfterMs: 0 }) },
  );
}

/** A kept-alive connection that the server closed as we used it: safe to try again, all our calls only read. */
export function wasReset(thrown: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(thrown));
}

/** Errors of sockets, TLS, HTTP and the client itself have codes; those that say that it was called wrongly are bugs. */
function isOfConnection(thrown: unknown): boolean {
  if (thrown instanceof TypeError || thrown instanceof RangeError) return false;
  const code = codeOf(thrown);
  return code !== '' && code !== 'UND_ERR_INVALID_ARG' && code !== 'UND_ERR_NOT_SUPPORTED';
}

/** The error code, also from inside of an AggregateError (one error per address that a name resolved to). */
function codeOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && !('code' in thrown)) return codeOf(thrown.errors[0]);
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  if (typeof thrown.code === 'string') return thrown.code;
  // undici names only some of the ways in which an answer is no HTTP.
  return thrown instanceof errors.HTTPParserError ? 'UND_ERR_HTTP_PARSER' : '';
}
