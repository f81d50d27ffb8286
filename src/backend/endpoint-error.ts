import { failed, success } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { BackendFailure } from '../model/loss.ts';

/** Carries a failure up to {@link attempt}, the one place that turns it into a value. Never leaves a backend. */
export class EndpointError extends Error {
  readonly kind: BackendFailure['kind'];

  constructor(kind: BackendFailure['kind'], reason: string, options?: { readonly cause?: unknown }) {
    super(reason, options);
    this.name = 'EndpointError';
    this.kind = kind;
  }
}

/** {@link attempt} for one endpoint. */
export type Attempt = <T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<Result<T, BackendFailure>>;

/**
 * Runs `work` for the endpoint at an address. Expected failures become values; an error that is none of them is a bug
 * and is thrown on.
 */
export async function attempt<T>(
  address: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Result<T, BackendFailure>> {
  try {
    return success(await work(signal));
  } catch (thrown) {
    if (signal.aborted) return failed(canceled(address));
    if (!(thrown instanceof EndpointError)) throw thrown;
    return failed({ kind: thrown.kind, endpoint: address, reason: thrown.message });
  }
}

/** Of a call that its caller gave up. */
export function canceled(address: string): BackendFailure {
  return { kind: 'canceled', endpoint: address, reason: 'the request was canceled' };
}
