import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { FaultProxy } from '../../../support/fault-proxy/fault-proxy.ts';
import { startServe, untilEndpointsUp, type ServeProcess } from '../../../support/serve-process.ts';
import { heapOf, INSPECTED } from '../fleet/inspector.ts';
import { watchOwnLateness } from '../load/own-lateness.ts';
import type { FaultRow } from './row.ts';

const TIMES = 1000;
/** So many clients ask and leave at once. */
const AT_ONCE = 20;
/** What was compiled and cached by then counts for nothing. */
const WARM_UP = 1000;
const MOST_CLOSING_MS = 100;
const MOST_GROWTH = 1.05;
/** A server takes longer than a client stays, once the first of them has asked it. */
const DELAY_MS = 5000;
const STAYS_MS = 20;
const LONGEST_CLOSING_MS = 5000;
const LONGEST_ASKING_MS = 2000;

/** Clients leave in the middle of a query: the sockets to its servers are closed soon, and nothing is kept. */
export const CLIENT_GONE_ROW: FaultRow = {
  name: 'client-gone',
  run: async ({ replica, settled }) => {
    const proxies = await Promise.all(
      ['0a', '0b'].map((name) => FaultProxy.start(Number(new URL(replica(name).url).port))),
    );
    const flags = proxies.map(({ port }) => `--endpoint=http://127.0.0.1:${port}`);
    const gateway = await startServe([...flags, '--refresh-interval=1h'], { execArgv: INSPECTED });
    try {
      await untilEndpointsUp(gateway.url, proxies.length);
      // Until its first reads of scrapes are over.
      await sleep(1000);
      for (const proxy of proxies) await proxy.set({ kind: 'slow', delayMs: DELAY_MS, bytesPerMs: Infinity });
      const path = `/api/v1/query?query=level&time=${settled.to}`;
      await leaveInTurns(gateway, proxies, path, WARM_UP);
      const before = await heapOf(gateway);
      const own = watchOwnLateness();
      const closing = await leaveInTurns(gateway, proxies, path, TIMES);
      const most = MOST_CLOSING_MS + 2 * own.longestMs();
      const growth = (await heapOf(gateway)) / before;
      const grown = `${((growth - 1) * 100).toFixed(1)} %`;
      return {
        figures: undefined,
        bound:
          `${TIMES} times: sockets closed within ${most.toFixed(0)} ms, the last after ${closing.toFixed(0)}; ` +
          `heap + 5 % at most, it is + ${grown} of ${(before / 1e6).toFixed(1)} MB`,
        problems: [
          ...(closing <= most ? [] : [`a socket was open for ${closing.toFixed(0)} ms`]),
          ...(growth <= MOST_GROWTH ? [] : [`the heap grew by ${grown}`]),
        ],
      };
    } finally {
      await gateway.stop('SIGKILL');
      await Promise.all(proxies.map((proxy) => proxy.close()));
    }
  },
};

/** Resolves to the longest time, ms, that a socket was open behind the client that it was for. */
async function leaveInTurns(
  { url }: ServeProcess,
  proxies: readonly FaultProxy[],
  path: string,
  times: number,
): Promise<number> {
  let longest = 0;
  for (let left = 0; left < times; left += AT_ONCE) {
    const clients = new Pool(url, { connections: AT_ONCE });
    const gone = new AbortController();
    const asked = Array.from({ length: AT_ONCE }, () =>
      clients.request({ method: 'GET', path, signal: gone.signal }).then(
        () => Promise.reject(new Error('a query was answered before its client left')),
        () => {},
      ),
    );
    const arrived = performance.now();
    while (waiting(proxies) === 0) {
      if (performance.now() - arrived > LONGEST_ASKING_MS)
        throw new Error('no server was asked while the clients were there');
      await sleep(1);
    }
    await sleep(STAYS_MS);
    gone.abort();
    const since = performance.now();
    while (waiting(proxies) > 0) {
      if (performance.now() - since > LONGEST_CLOSING_MS)
        throw new Error(`${waiting(proxies)} sockets are still open 5 s behind their clients`);
      await sleep(1);
    }
    longest = Math.max(longest, performance.now() - since);
    await Promise.all(asked);
    await clients.destroy();
  }
  return longest;
}

function waiting(proxies: readonly FaultProxy[]): number {
  return proxies.reduce((sum, { unanswered }) => sum + unanswered, 0);
}
