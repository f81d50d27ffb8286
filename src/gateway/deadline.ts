import type { Clock } from '../model/clock.ts';
import { messageOf, QueryError, toQueryError } from '../model/errors.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { Timers } from '../model/timers.ts';

/** Longest delay that Node's timers take, ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** What it takes to hold a deadline. */
export interface DeadlineParts {
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * Runs `work` under a scope that ends with the caller's one or after `ms`, whichever is first. However the work then
 * fails, the error says what happened: kind `timeout` or `canceled`, `during` names the step at that moment. Where the
 * work fails, what it left running is told to stop.
 */
export async function withDeadline<T>(
  { clock, timers }: DeadlineParts,
  scope: RequestScope,
  ms: number,
  during: () => string,
  work: (scope: RequestScope) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const timeout = (): void => {
    controller.abort(new QueryError('timeout', `query timed out in ${during()}`));
  };
  const cancel = (): void => {
    const reason: unknown = scope.signal.reason;
    controller.abort(
      isStopped(reason)
        ? reason
        : new QueryError('canceled', `query was canceled in ${during()}`, { cause: reason }),
    );
  };
  if (scope.signal.aborted) cancel();
  else scope.signal.addEventListener('abort', cancel, { once: true });
  if (ms <= 0) timeout();
  const callOff = timers.after(Math.min(Math.max(ms, 0), LONGEST_DELAY), timeout);
  const deadline = Math.min(scope.deadline, clock.monotonic() + ms);
  try {
    signal.throwIfAborted();
    return await work({ ...scope, signal, deadline });
  } catch (error) {
    const explained = explain(error, signal);
    controller.abort(explained);
    throw explained;
  } finally {
    callOff();
    scope.signal.removeEventListener('abort', cancel);
  }
}

function isStopped(reason: unknown): reason is QueryError {
  return reason instanceof QueryError && reason.kind === 'stopped';
}

/** Work that was aborted may fail with anything; the reason of its signal is what happened. */
function explain(error: unknown, signal: AbortSignal): QueryError {
  if (isStopped(signal.reason)) return signal.reason;
  const known = toQueryError(error);
  if (!signal.aborted || known.kind === 'timeout' || known.kind === 'canceled') return known;
  const { kind, message } = toQueryError(signal.reason);
  return new QueryError(kind, message, { cause: messageOf(error) === message ? undefined : error });
}
