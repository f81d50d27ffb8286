import type { Backend } from '../backend/backend.ts';
import { afterOwnTime, type Lateness } from '../model/lateness.ts';
import type { Timers } from '../model/timers.ts';
import { HANGS_AFTER_MS } from './vitals/breaker.ts';
import type { EndpointVitals } from './vitals/vitals.ts';

/** A look at the health of an endpoint that takes longer has it asked for a sign of life, ms. */
export const FIRST_KNOCK_MS = 500;
/** Between a sign of life and the next question for one, ms. */
export const NEXT_KNOCK_MS = 2000;
/** It has so long to give one, ms. */
export const KNOCK_MS: number = HANGS_AFTER_MS;

/** Times are own time. */
interface Knocking {
  readonly timers: Timers;
  readonly lateness: Lateness;
  readonly vitals: EndpointVitals;
}

/**
 * Asks an endpoint for signs of life while a look at its health goes on, and tells its vitals of them. A look asks for lists, so one that
 * takes long proves nothing: the server may have much to do. One that does not even say that it is there hangs.
 * Resolves when the look is over, or to true once the endpoint is found to hang. Rejects where the backend has a bug.
 */
export async function knockUntil(
  over: AbortSignal,
  backend: Pick<Backend, 'knock'>,
  { timers, lateness, vitals }: Knocking,
): Promise<boolean> {
  if (backend.knock === undefined) return false;
  const pause = (ms: number): Promise<void> => pauseUntil(over, ms, timers, lateness);
  await pause(FIRST_KNOCK_MS);
  while (!over.aborted && vitals.state !== 'open') {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    over.addEventListener('abort', end);
    const cancelTimer = afterOwnTime(timers, lateness, { ms: KNOCK_MS, most: Infinity }, end);
    const isAlive = await backend.knock(ending.signal).finally(() => {
      cancelTimer();
      over.removeEventListener('abort', end);
    });
    if (over.aborted) break;
    // A sign of life is no answer: where the time of a call runs out beside a look that nobody answers, the server hangs all the same.
    if (isAlive) await pause(NEXT_KNOCK_MS);
    else vitals.see({ kind: 'unanswered' });
  }
  return !over.aborted && vitals.state === 'open';
}

async function pauseUntil(over: AbortSignal, ms: number, timers: Timers, lateness: Lateness): Promise<void> {
  if (over.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancelTimer = afterOwnTime(timers, lateness, { ms, most: Infinity }, () => resolve());
  const end = (): void => resolve();
  over.addEventListener('abort', end);
  await promise;
  over.removeEventListener('abort', end);
  cancelTimer();
}
