import { Agent, request } from 'undici';
import { isReady } from './serve-process.ts';

const PROBE_EVERY_MS = 100;

/** What became of all requests. */
export interface Followed {
  readonly answered: number;
  /** What kept the others from an answer of status 200. */
  readonly failures: readonly string[];
}

/**
 * Clients that ask one path without a pause, of those servers alone that were ready when they were probed last, as behind a load
 * balancer. Their connections stay open. No request is tried again. The returned function ends them.
 */
export function followReadiness(
  urls: readonly string[],
  path: string,
  clients: number,
): () => Promise<Followed> {
  const agent = new Agent({ connections: clients });
  const failures: string[] = [];
  let [answered, turn] = [0, 0];
  const state = { isOver: false };
  let ready: readonly string[] = urls;

  const probe = async (): Promise<void> => {
    while (!state.isOver) {
      const states = await Promise.all(urls.map(isReady));
      ready = urls.filter((_, i) => states[i]);
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
  };
  const ask = async (): Promise<void> => {
    while (!state.isOver) {
      const url = ready[turn++ % ready.length];
      if (url === undefined) {
        failures.push('no server is ready');
        return;
      }
      try {
        const { statusCode, body } = await request(url + path, { dispatcher: agent });
        const text = await body.text();
        if (statusCode === 200) answered++;
        else failures.push(`${url}: ${statusCode} ${text}`);
      } catch (thrown) {
        failures.push(`${url}: ${String(thrown)}`);
      }
    }
  };
  const running = [probe(), ...Array.from({ length: clients }, ask)];
  return async () => {
    state.isOver = true;
    await Promise.all(running);
    await agent.close();
    return { answered, failures };
  };
}
