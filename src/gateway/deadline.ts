import type { Clock } from '../model/clock.ts';
import { messageOf, QueryError, toQueryError } from '../model/errors.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { Timers } from '../model/timers.ts';

/** Longest delay that Node's timers take, ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Whoever still waits for a turn is told so much before the time is over, ms, or this share of what is left of it where that is less: then the
 * refusal is there in time, also where a crowd is refused together. What had its turn then would hardly end in time.
 */
const BEFORE_END_MS = 100;
const BEFORE_END_SHARE = 0.05;

/** How long work may take. */
export interface TimeLimit {
  readonly ms: number;
  /** Names the step at that moment. */
  readonly during: () => string;
  /** Whether it waits for its turn at that moment. */
  readonly isQueued: () => boolean;
}

/** What it takes to hold a deadline. */
export interface DeadlineParts {
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * Runs `work` under a scope that ends with the caller's one or after `ms`, whichever is first. What the request waited for before this
 * process began it counts: its client has waited as well. However the work then
 * fails, the error says what happened, and in which step: kind `timeout` or `canceled`. Where the work fails, what it left running is
 * told to stop.
 */
export async function withDeadline<T>(
  { clock, timers }: DeadlineParts,
  scope: RequestScope,
  { ms, during, isQueued }: TimeLimit,
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
  const left = ms - scope.journal.waitedMs;
  if (left <= 0) timeout();
  const after = Math.min(Math.max(left, 0), LONGEST_DELAY);
  const before = Math.min(BEFORE_END_MS, after * BEFORE_END_SHARE);
  const callOffs = [
    timers.after(after, timeout),
    timers.after(after - before, () => {
      if (isQueued()) timeout();
    }),
  ];
  const deadline = Math.min(scope.deadline, clock.monotonic() + left);
  try {
    signal.throwIfAborted();
    return await work({ ...scope, signal, deadline });
  } catch (error) {
    const explained = explain(error, signal);
    controller.abort(explained);
    throw explained;
  } finally {
    for (const callOff of callOffs) callOff();
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
