import { failed, success } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { OwnCallTooLarge } from '../model/own-budget.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { CallScope } from '../model/request-scope.ts';
import { oneLine } from './server-text.ts';

/** Carries a failure up to {@link attempt}, the one place that turns it into a value. Never leaves a backend. */
export class EndpointError extends Error {
  readonly kind: BackendFailure['kind'];
  /** What the server sent: for the log, not for callers. */
  readonly detail: string | undefined;
  /** As a failure has it. */
  readonly retryAfterMs: number | undefined;
  /** Whether no connection came about, or it was closed before an answer: the server may be gone. */
  readonly isUnreachable: boolean;

  constructor(kind: BackendFailure['kind'], reason: string, options: EndpointErrorOptions = {}) {
    super(reason, options);
    this.name = 'EndpointError';
    this.kind = kind;
    this.detail = options.detail === undefined || options.detail === '' ? undefined : oneLine(options.detail);
    this.retryAfterMs = options.retryAfterMs;
    this.isUnreachable = options.isUnreachable ?? false;
  }
}

interface EndpointErrorOptions {
  readonly cause?: unknown;
  /** Any text of the server; it is shortened to one line. */
  readonly detail?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly isUnreachable?: boolean;
}

/** An answer that is larger than it may be. */
export function tooLarge(maxBytes: number): EndpointError {
  return new EndpointError(
    'too_large',
    `the answer is larger than the limit of ${maxBytes} bytes; select fewer series or a shorter range, or raise the limit`,
  );
}

/** {@link attempt} for one endpoint. */
export type Attempt = <T, S extends CallScope>(
  scope: S,
  work: (scope: S) => Promise<T>,
) => Promise<Result<T, BackendFailure>>;

/**
 * Runs `work` for the endpoint at an address. Expected failures become values. A request that is over its budget is
 * thrown on, because it has to end, whatever other endpoints answer. So is an error that is none of these, which is a bug,
 * aborted call or not.
 */
export async function attempt<T, S extends CallScope>(
  address: string,
  scope: S,
  work: (scope: S) => Promise<T>,
): Promise<Result<T, BackendFailure>> {
  const { signal } = scope;
  try {
    return success(await work(scope));
  } catch (thrown) {
    if (thrown instanceof OwnCallTooLarge)
      return failed({
        kind: thrown.isAlone ? 'too_large' : 'unavailable',
        endpoint: address,
        reason: thrown.message,
      });
    if (signal.aborted && isOverBudget(thrown)) return failed(canceled(address));
    const isExpected = thrown instanceof EndpointError || (signal.aborted && thrown === signal.reason);
    if (!isExpected) throw thrown;
    if (signal.aborted || !(thrown instanceof EndpointError)) return failed(canceled(address));
    const { kind, message, detail, retryAfterMs } = thrown;
    return failed({
      kind,
      endpoint: address,
      reason: message,
      ...(detail !== undefined && { detail }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

/** What budgets throw. */
function isOverBudget(thrown: unknown): boolean {
  return (
    thrown instanceof QueryError &&
    (thrown.kind === 'canceled' || thrown.kind === 'too_large' || thrown.kind === 'overloaded')
  );
}

/** Of a call that its caller gave up. */
export function canceled(address: string): BackendFailure {
  return { kind: 'canceled', endpoint: address, reason: 'the request was canceled' };
}

/** The failure of a call that threw what no server can be blamed for. The stack of `bug` belongs into the log. */
export function bugFailure(endpoint: string, thrown: unknown): BackendFailure {
  const bug = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  return { kind: 'execution', endpoint, reason: `BUG: ${oneLine(bug.message)}`, bug };
}
