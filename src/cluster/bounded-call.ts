import type { BackendFailure } from '../backend/backend.ts';
import { bugFailure, timeoutReason } from '../backend/endpoint-error.ts';
import { failed } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Timers } from '../model/timers.ts';

/** Whom a call goes to and how long it may take. */
export interface CallBound {
  readonly address: string;
  readonly timeoutMs: number;
  readonly timers: Timers;
}

/**
 * Calls a backend and gives up after its timeout or when the caller does, whether the backend notices or not: nobody
 * waits for one that hangs. A backend that throws has a bug; it fails alone and by name.
 */
export async function boundedCall<T>(
  { address, timeoutMs, timers }: CallBound,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Result<T, BackendFailure>>,
): Promise<Result<T, BackendFailure>> {
  const controller = new AbortController();
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<Result<T, BackendFailure>>();
  const stop = (kind: 'timeout' | 'canceled', reason: string): void => {
    giveUp(failed({ kind, endpoint: address, reason }));
    controller.abort();
  };
  const onAbort = (): void => stop('canceled', 'the request was canceled');
  if (signal.aborted)
    return failed({ kind: 'canceled', endpoint: address, reason: 'the request was canceled' });
  signal.addEventListener('abort', onAbort, { once: true });
  const cancelTimer = timers.after(timeoutMs, () => stop('timeout', timeoutReason(timeoutMs)));
  try {
    return await Promise.race([call(controller.signal), givenUp]);
  } catch (thrown) {
    return failed(bugFailure(address, thrown));
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
  }
}
