import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

const RESOLUTION_MS = 10;

/** What a piece of work took; ms. */
export interface Busy {
  readonly total: number;
  /** The longest time that timers had to wait. */
  readonly longestTurn: number;
}

/** Runs `work` in this process and watches how long it keeps others waiting. */
export async function watchTurns(work: () => Promise<void>): Promise<Busy> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  await nextDelay(delays);
  const started = performance.now();
  await work();
  const total = performance.now() - started;
  await nextDelay(delays);
  delays.disable();
  return { total, longestTurn: Math.max(0, delays.max / 1e6 - RESOLUTION_MS) };
}

/** A delay is known only once the timer behind it has fired. */
async function nextDelay(delays: { readonly count: number }): Promise<void> {
  const { count } = delays;
  while (delays.count === count) await nextTurn();
}
