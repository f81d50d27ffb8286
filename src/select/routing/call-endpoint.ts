import type { Answered } from '../../backend/answered.ts';
import { canceled } from '../../backend/endpoint-error.ts';
import { boundedCall, inSeconds, timeForCalls } from '../../cluster/bounded-call.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { CallLateness } from '../../model/call-lateness.ts';
import type { Leave } from '../../model/fair-queue.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { EndpointCall } from '../../model/request-journal.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { failed, success, type Result } from '../../model/result.ts';
import type { SelectionContext } from '../context.ts';

/** What it takes to call an endpoint. */
export type CallContext = Pick<SelectionContext, 'timers' | 'clock' | 'lateness' | 'lanes' | 'onCall'>;

/**
 * Calls an endpoint once a lane to it is free, which is nearly always at once. The endpoint's timeout begins then: for time
 * in the queue it is not to blame. The time of the request counts all the while.
 * @param ending ends this call alone, in the queue as well.
 */
export async function callEndpoint<T>(
  context: CallContext,
  scope: RequestScope,
  { id, address, backend, timeoutMs }: Pick<Endpoint, 'id' | 'address' | 'backend' | 'timeoutMs'>,
  call: (scope: RequestScope) => Answered<T>,
  ending?: AbortController,
): Answered<T> {
  const { clock, timers, lateness, lanes } = context;
  const lane = lanes.of(backend);
  let leave = lane.tryEnter(scope.ids.request);
  if (leave === undefined) {
    const turn = await turnAt(context, scope, ending?.signal, address, (signal) =>
      lane.enter(scope.ids.request, signal),
    );
    if (!turn.ok) return turn;
    leave = turn.value;
  }
  const recorded = scope.journal.call(id);
  try {
    const leftMs = scope.deadline - clock.monotonic();
    const bound = { address, timeoutMs, leftMs, queuedMs: scope.queuedMs, timers, lateness };
    const ask = (signal: AbortSignal, reading: CallLateness): Answered<T> =>
      call({ ...callScope(scope, recorded, signal), reading });
    // The lane is taken as long as the endpoint may work for the call.
    const result = await boundedCall(bound, scope.signal, ask, ending, leave);
    recorded.end(result.ok ? undefined : result.failure.kind);
    return result;
  } finally {
    recorded.end('internal');
    context.onCall?.(recorded);
  }
}

/** Writes down what an answer with samples had. */
export async function withSums<
  T extends { readonly series: { readonly length: number }; readonly bytes: number },
>({ call }: Pick<RequestScope, 'call'>, answer: Answered<T>): Answered<T> {
  const result = await answer;
  if (result.ok) call?.received(result.value.series.length, result.value.bytes);
  return result;
}

/** The endpoint hears of the call as a span of its own, where somebody collects these. */
function callScope(scope: RequestScope, call: EndpointCall, signal: AbortSignal): RequestScope {
  const { trace } = call;
  return { ...scope, signal, call, ...(trace !== undefined && { ids: { ...scope.ids, trace } }) };
}

async function turnAt(
  { clock, timers }: CallContext,
  { signal, deadline }: RequestScope,
  cut: AbortSignal | undefined,
  address: string,
  enter: (signal: AbortSignal) => Promise<Leave>,
): Promise<Result<Leave, BackendFailure>> {
  const most = timeForCalls(deadline - clock.monotonic());
  const tooLate = new AbortController();
  const cancelTimer = most === Infinity ? () => undefined : timers.after(most, () => tooLate.abort());
  try {
    const ends = [signal, tooLate.signal, ...(cut === undefined ? [] : [cut])];
    return success(await enter(AbortSignal.any(ends)));
  } catch (thrown) {
    if (signal.aborted || cut?.aborted === true) return failed(canceled(address));
    if (tooLate.signal.aborted) return failed(notAsked(address, most));
    throw thrown;
  } finally {
    cancelTimer();
  }
}

function notAsked(endpoint: string, ms: number): BackendFailure {
  return {
    kind: 'timeout',
    endpoint,
    reason:
      `it was not asked within ${inSeconds(ms)} s, which is what the timeout of the request leaves: ` +
      'too many other calls to it had their turn first; ask less at once, or with a longer timeout',
    byDeadline: true,
  };
}
