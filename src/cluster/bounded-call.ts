import { canceled } from '../backend/endpoint-error.ts';
import { CallLateness } from '../model/call-lateness.ts';
import { afterOwnTime, type Lateness } from '../model/lateness.ts';
import { QueryError } from '../model/errors.ts';
import type { BackendFailure } from '../model/loss.ts';
import { failed } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Timers } from '../model/timers.ts';
import { enter } from '../model/turns.ts';

/** Which endpoint is called, and how long it may take. */
export interface CallBound {
  readonly address: string;
  /** Of the endpoint, ms. Time in which the gateway itself was busy elsewhere does not count. */
  readonly timeoutMs: number;
  /** Until the request is due, ms; Infinity where it is not. */
  readonly leftMs: number;
  /** How long the request waited in this process before, ms. */
  readonly queuedMs?: number | undefined;
  readonly timers: Timers;
  readonly lateness: Lateness;
}

/** Of the time that a request has left, this part is kept for its answer, within these bounds, ms; never more than half. */
const ANSWER_SHARE = 0.1;
const LEAST_RESERVE_MS = 150;
const MOST_RESERVE_MS = 1000;

/**
 * How much of the time that a request has left calls to endpoints may take: they end a little before the request does, so
 * that an answer without them still gets out.
 * @param leftMs until the request is due; Infinity where it is not.
 */
export function timeForCalls(leftMs: number): number {
  if (leftMs === Infinity) return Infinity;
  const reserve = Math.min(Math.max(leftMs * ANSWER_SHARE, LEAST_RESERVE_MS), MOST_RESERVE_MS);
  return Math.max(leftMs - Math.min(reserve, leftMs / 2), 0);
}

/** Where this process had the request wait, or was late, for so much of the time that it had, it is to blame and not the endpoint. */
const MOSTLY = 0.5;

/**
 * Calls a backend and gives up after its time or when the caller does, whether the backend notices or not: nothing
 * waits for one that hangs. What the call throws is a bug of the backend's code and comes out as it is. Rejects with `overloaded`
 * where the time of the request was over because this process was busy: the endpoint may well have answered.
 * @param call is told what to tell of the parts of its answer.
 * @param ending ends this call alone; whoever has it may give up what `signal` still wants.
 * @param onEnded is called once, when the call has ended, or was told to end. That may be a little later than it is given up.
 */
export async function boundedCall<T>(
  { address, timeoutMs, leftMs, queuedMs = 0, timers, lateness }: CallBound,
  signal: AbortSignal,
  call: (signal: AbortSignal, reading: CallLateness) => Promise<Result<T, BackendFailure>>,
  ending: AbortController = new AbortController(),
  onEnded: () => void = () => {},
): Promise<Result<T, BackendFailure>> {
  if (signal.aborted || ending.signal.aborted) {
    onEnded();
    return failed(canceled(address));
  }
  const { promise, resolve, reject } = Promise.withResolvers<Result<T, BackendFailure>>();
  // One controller and two listeners: signals made of others are let go by whole garbage collections alone.
  const onEnding = (): void => resolve(failed(canceled(address)));
  // Hundreds may end at the same time, and to end one takes a part of a millisecond. Nobody waits for that.
  let endsLater = false;
  const end = (reason?: unknown): void => {
    if (endsLater) return;
    endsLater = true;
    enter(() => {
      ending.abort(reason);
      onEnded();
    });
  };
  const onAbort = (): void => {
    onEnding();
    end(signal.reason);
  };
  signal.addEventListener('abort', onAbort);
  ending.signal.addEventListener('abort', onEnding);
  const most = timeForCalls(leftMs);
  const late = new CallLateness(lateness);
  const cancelTimer = afterOwnTime(timers, late, { ms: timeoutMs, most }, (waited) => {
    const byDeadline = waited >= most;
    const lostMs = queuedMs + late.soFar();
    if (byDeadline && lostMs >= (queuedMs + most) * MOSTLY) reject(tooBusy(most));
    else resolve(failed(tooSlow(address, byDeadline ? most : timeoutMs, byDeadline)));
    end();
  });
  try {
    call(ending.signal, late).then(resolve, reject);
    return await promise;
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
    ending.signal.removeEventListener('abort', onEnding);
    if (!endsLater) onEnded();
  }
}

function tooBusy(ms: number): QueryError {
  return new QueryError(
    'overloaded',
    `the gateway was too busy to read all answers of endpoints within ${inSeconds(ms)} s, which is what the timeout of the ` +
      'request leaves; try again later, or ask less at once',
  );
}

function tooSlow(endpoint: string, ms: number, byDeadline: boolean): BackendFailure {
  const why = byDeadline
    ? 'which is what the timeout of the request leaves; it hangs or is overloaded, or that timeout is too short'
    : 'it hangs or is overloaded, or the endpoint timeout is too short';
  return {
    kind: 'timeout',
    endpoint,
    reason: `no complete answer within ${inSeconds(ms)} s${byDeadline ? ', ' : '; '}${why}`,
    ...(byDeadline && { byDeadline: true }),
  };
}

/** For messages. */
export function inSeconds(ms: number): number {
  return Number((ms / 1000).toFixed(3));
}
