import type { BackendFailure } from '../backend.ts';
import { messageOf } from '../../model/errors.ts';
import { failed, success } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';

/** Carries a failure up to {@link attempt}, the one place that turns it into a value. Never leaves this folder. */
export class EndpointError extends Error {
  readonly kind: BackendFailure['kind'];

  constructor(kind: BackendFailure['kind'], reason: string, options?: { readonly cause?: unknown }) {
    super(reason, options);
    this.name = 'EndpointError';
    this.kind = kind;
  }
}

/** What a call to one endpoint needs to name its failures. */
export interface CallScope {
  readonly address: string;
  readonly timeoutMs: number;
}

/**
 * Runs `work` under the caller's signal and the endpoint's own timeout. Expected failures become values; an error
 * that is none of them is a bug and is thrown on.
 */
export async function attempt<T>(
  scope: CallScope,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Result<T, BackendFailure>> {
  const ownTimeout = AbortSignal.timeout(scope.timeoutMs);
  try {
    return success(await work(AbortSignal.any([signal, ownTimeout])));
  } catch (thrown) {
    if (signal.aborted)
      return failed({ kind: 'canceled', endpoint: scope.address, reason: 'the request was canceled' });
    if (ownTimeout.aborted)
      return failed({ kind: 'timeout', endpoint: scope.address, reason: timeoutReason(scope.timeoutMs) });
    if (!(thrown instanceof EndpointError)) throw thrown;
    return failed({ kind: thrown.kind, endpoint: scope.address, reason: thrown.message });
  }
}

function timeoutReason(timeoutMs: number): string {
  return `no complete answer within ${timeoutMs / 1000} s; it hangs or is overloaded, or the endpoint timeout is too short`;
}

const REASONS: Readonly<Record<string, readonly [kind: BackendFailure['kind'], reason: string]>> = {
  ECONNREFUSED: ['unavailable', 'connection refused; check that it runs and that address and port are right'],
  ENOTFOUND: ['unavailable', 'the host name does not resolve; check the address'],
  EAI_AGAIN: ['unavailable', 'the host name could not be resolved for now; check the name server'],
  EHOSTUNREACH: ['unavailable', 'no route to the host; check address and network'],
  ENETUNREACH: ['unavailable', 'the network is unreachable; check address and network'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'no connection in time; check address, port and firewall'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'it took the request and did not answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'the answer stopped coming'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['unavailable', 'its TLS certificate is self-signed; configure its CA'],
  SELF_SIGNED_CERT_IN_CHAIN: ['unavailable', 'its TLS certificate has an unknown CA; configure that CA'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'unavailable',
    'its TLS certificate has an unknown CA; configure that CA',
  ],
  CERT_HAS_EXPIRED: ['unavailable', 'its TLS certificate has expired; renew it'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'unavailable',
    'its TLS certificate is for another name; set the server name or renew the certificate',
  ],
};

/** Names a failure of the connection before the answer's head came. */
export function connectionError(thrown: unknown): EndpointError {
  const known = REASONS[codeOf(thrown)];
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
  const known = REASONS[codeOf(thrown)];
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
