import { canceled } from '../backend/endpoint-error.ts';
import type { BackendFailure } from '../model/loss.ts';
import { failed } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Timers } from '../model/timers.ts';

/** Which endpoint is called, and how long it may take. */
export interface CallBound {
  readonly address: string;
  readonly limit: TimeLimit;
  readonly timers: Timers;
}

export interface TimeLimit {
  readonly ms: number;
  /** Whether the request's deadline is what limits the call, and not the endpoint's own timeout. */
  readonly isDeadline: boolean;
}

/** Of the time that a request has left, this part is kept for its answer, within these bounds, ms; never more than half. */
const ANSWER_SHARE = 0.1;
const LEAST_RESERVE_MS = 150;
const MOST_RESERVE_MS = 1000;

/**
 * How long a call to an endpoint may take: its own timeout, or less where the request is due sooner. Then it ends a little
 * before the request does, so that an answer without it still gets out.
 * @param timeoutMs of the endpoint.
 * @param leftMs until the request is due; Infinity where it is not.
 */
export function timeLimit(timeoutMs: number, leftMs: number): TimeLimit {
  const reserve = Math.min(Math.max(leftMs * ANSWER_SHARE, LEAST_RESERVE_MS), MOST_RESERVE_MS);
  const left = Math.max(leftMs - Math.min(reserve, leftMs / 2), 0);
  return left < timeoutMs ? { ms: left, isDeadline: true } : { ms: timeoutMs, isDeadline: false };
}

/**
 * Calls a backend and gives up after its time or when the caller does, whether the backend notices or not: nothing
 * waits for one that hangs. What the call throws is a bug of the backend's code and comes out as it is.
 */
export async function boundedCall<T>(
  { address, limit, timers }: CallBound,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Result<T, BackendFailure>>,
): Promise<Result<T, BackendFailure>> {
  if (signal.aborted) return failed(canceled(address));
  const controller = new AbortController();
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<Result<T, BackendFailure>>();
  const stop = (failure: BackendFailure): void => {
    giveUp(failed(failure));
    controller.abort();
  };
  const onAbort = (): void => stop(canceled(address));
  signal.addEventListener('abort', onAbort, { once: true });
  const cancelTimer = timers.after(limit.ms, () => stop(tooSlow(address, limit)));
  try {
    return await Promise.race([call(controller.signal), givenUp]);
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
  }
}

function tooSlow(endpoint: string, { ms, isDeadline }: TimeLimit): BackendFailure {
  const why = isDeadline
    ? 'which is what the timeout of the request leaves; it hangs or is overloaded, or that timeout is too short'
    : 'it hangs or is overloaded, or the endpoint timeout is too short';
  const seconds = Number((ms / 1000).toFixed(3));
  return {
    kind: 'timeout',
    endpoint,
    reason: `no complete answer within ${seconds} s${isDeadline ? ', ' : '; '}${why}`,
  };
}
