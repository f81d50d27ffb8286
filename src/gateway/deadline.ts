import { messageOf, QueryError, toQueryError } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';

/** Longest delay that Node's timers take, ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Runs `work` under a signal that aborts with the caller's one or after `ms`, whichever is first. However the work
 * then fails, the error says what happened: kind `timeout` or `canceled`, `during` names the step at that moment.
 */
export async function withDeadline<T>(
  ms: number,
  caller: AbortSignal,
  timers: Timers,
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
  const callOff = timers.after(Math.min(Math.max(ms, 0), LONGEST_DELAY), timeout);
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
