import { messageOf, QueryError, toQueryError } from '../model/errors.ts';

/** Calls back once after `ms` and returns how to call it off. Injected, so that tests need not wait. */
export type Timer = (ms: number, callback: () => void) => () => void;

/** Longest delay that Node's timers take. */
const LONGEST_DELAY = 2 ** 31 - 1;

export const SYSTEM_TIMER: Timer = (ms, callback) => {
  const timeout = setTimeout(callback, Math.min(ms, LONGEST_DELAY));
  return () => {
    clearTimeout(timeout);
  };
};

/**
 * Runs `work` under a signal that aborts with the caller's one or after `ms`, whichever is first. However the work
 * then fails, the error says what happened: kind `timeout` or `canceled`, `during` names the step at that moment.
 */
export async function withDeadline<T>(
  ms: number,
  caller: AbortSignal,
  timer: Timer,
  during: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timeout = (): void => {
    controller.abort(new QueryError('timeout', `query timed out in ${during()}`));
  };
  const cancel = (): void => {
    controller.abort(
      new QueryError('canceled', `query was canceled in ${during()}`, { cause: caller.reason }),
    );
  };
  if (caller.aborted) cancel();
  else caller.addEventListener('abort', cancel, { once: true });
  if (ms <= 0) timeout();
  const callOff = timer(Math.max(ms, 0), timeout);
  try {
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } catch (error) {
    throw explain(error, controller.signal);
  } finally {
    callOff();
    caller.removeEventListener('abort', cancel);
  }
}

/** Work that was aborted may fail with anything; the reason of its signal is what happened. */
function explain(error: unknown, signal: AbortSignal): QueryError {
  const known = toQueryError(error);
  if (!signal.aborted || known.kind === 'timeout' || known.kind === 'canceled') return known;
  const { kind, message } = toQueryError(signal.reason);
  return new QueryError(kind, message, { cause: messageOf(error) === message ? undefined : error });
}
