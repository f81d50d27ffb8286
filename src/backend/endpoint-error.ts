import { failed, success } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { BackendFailure } from './backend.ts';

/** Carries a failure up to {@link attempt}, the one place that turns it into a value. Never leaves a backend. */
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

/** {@link attempt} for one endpoint. */
export type Attempt = <T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<Result<T, BackendFailure>>;

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

/** An answer that is larger than it may be. */
export function tooLarge(maxBytes: number): EndpointError {
  return new EndpointError(
    'too_large',
    `the answer is larger than the limit of ${maxBytes} bytes; select fewer series or a shorter range, or raise the limit`,
  );
}

/** Of an endpoint that took longer than it may. */
export function timeoutReason(timeoutMs: number): string {
  return `no complete answer within ${timeoutMs / 1000} s; it hangs or is overloaded, or the endpoint timeout is too short`;
}
