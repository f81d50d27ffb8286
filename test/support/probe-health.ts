import { request } from 'undici';

/** What probes of `/-/healthy` saw while something else happened; ms. */
export interface Probed<T> {
  readonly value: T;
  /** The longest that one had to wait for its answer. */
  readonly longest: number;
}

const PAUSE_MS = 20;

/** A server that answers nothing for so long is frozen, ms. */
const FROZEN_MS = 60_000;

/**
 * Asks a server for its health, again and again, while it is attacked, as a load balancer would that gives up on servers which do not
 * answer. The server should be another process: what keeps this one busy would count, too.
 */
export async function probeHealth<T>(url: string, attack: () => Promise<T>): Promise<Probed<T>> {
  const state = { isOver: false };
  const attacked = attack().finally(() => (state.isOver = true));
  // It is told below, after the last probe.
  attacked.catch(() => undefined);
  let longest = 0;
  do {
    const started = performance.now();
    await untilHealthy(url);
    longest = Math.max(longest, performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (!state.isOver);
  return { value: await attacked, longest };
}

/** Each try has a connection of its own. One that the server ends is followed by another. */
async function untilHealthy(url: string): Promise<void> {
  const signal = AbortSignal.timeout(FROZEN_MS);
  for (;;) {
    try {
      const { body } = await request(`${url}/-/healthy`, { reset: true, signal });
      await body.text();
      return;
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
}
