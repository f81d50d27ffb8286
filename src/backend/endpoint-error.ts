import { failed, success } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { messageOf } from '../model/errors.ts';
import type { BackendFailure } from './backend.ts';
import { oneLine } from './server-text.ts';

/** Carries a failure up to {@link attempt}, the one place that turns it into a value. Never leaves a backend. */
export class EndpointError extends Error {
  readonly kind: BackendFailure['kind'];
  /** What the server sent: for the log, not for callers. */
  readonly detail: string | undefined;

  constructor(kind: BackendFailure['kind'], reason: string, options: EndpointErrorOptions = {}) {
    super(reason, options);
    this.name = 'EndpointError';
    this.kind = kind;
    this.detail = options.detail === undefined || options.detail === '' ? undefined : oneLine(options.detail);
  }
}

interface EndpointErrorOptions {
  readonly cause?: unknown;
  /** Any text of the server; it is shortened to one line. */
  readonly detail?: string | undefined;
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
 * that is none of them is a bug, aborted call or not, and comes back with its stack.
 */
export async function attempt<T>(
  scope: CallScope,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Result<T, BackendFailure>> {
  const ownTimeout = AbortSignal.timeout(scope.timeoutMs);
  const either = AbortSignal.any([signal, ownTimeout]);
  const endpoint = scope.address;
  try {
    return success(await work(either));
  } catch (thrown) {
    const isExpected = thrown instanceof EndpointError || (either.aborted && thrown === either.reason);
    if (!isExpected) return failed(bugFailure(endpoint, thrown));
    if (signal.aborted) return failed({ kind: 'canceled', endpoint, reason: 'the request was canceled' });
    if (!(thrown instanceof EndpointError) || ownTimeout.aborted)
      return failed({ kind: 'timeout', endpoint, reason: timeoutReason(scope.timeoutMs) });
    const { kind, message, detail } = thrown;
    return failed({ kind, endpoint, reason: message, ...(detail !== undefined && { detail }) });
  }
}

/** The failure of a call that threw what no server can be blamed for. The stack of `bug` belongs into the log. */
export function bugFailure(endpoint: string, thrown: unknown): BackendFailure {
  const bug = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  return { kind: 'execution', endpoint, reason: `BUG: ${oneLine(bug.message)}`, bug };
}

/** Of an endpoint that took longer than it may. */
export function timeoutReason(timeoutMs: number): string {
  return `no complete answer within ${timeoutMs / 1000} s; it hangs or is overloaded, or the endpoint timeout is too short`;
}
