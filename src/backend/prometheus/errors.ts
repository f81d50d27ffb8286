import { messageOf } from '../../model/errors.ts';
import { connectionProblem } from '../connection-problems.ts';
import { EndpointError } from '../endpoint-error.ts';

/** Names a failure of the connection before the answer's head came. */
export function connectionError(thrown: unknown): EndpointError {
  const known = connectionProblem(codeOf(thrown));
  if (known !== undefined) return new EndpointError(known[0], known[1], { cause: thrown });
  if (wasReset(thrown))
    return new EndpointError(
      'unavailable',
      'the connection was closed before an answer came; check whether it wants http or https, and its log',
      { cause: thrown },
    );
  return new EndpointError('unavailable', `the request failed: ${messageOf(thrown)}`, { cause: thrown });
}

/** Names a failure in the middle of an answer: what came so far is never used. */
export function bodyError(thrown: unknown, received: number): EndpointError {
  const known = connectionProblem(codeOf(thrown));
  const reason = known?.[1] ?? 'the connection broke';
  return new EndpointError(
    known?.[0] ?? 'unavailable',
    `${reason} after ${received} bytes of an unfinished answer; look for a crash or a proxy limit there`,
    { cause: thrown },
  );
}

/** A kept-alive connection that the server closed as we used it: safe to try again, all our calls only read. */
export function wasReset(thrown: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(thrown));
}

/** The error code, also from inside of an AggregateError (one error per address that a name resolved to). */
function codeOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && !('code' in thrown)) return codeOf(thrown.errors[0]);
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return String(thrown.code);
}
