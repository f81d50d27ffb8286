import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { heapOf, INSPECTED } from '../fleet/inspector.ts';
import { watchOwnLateness } from '../load/own-lateness.ts';
import type { FaultRow } from './row.ts';

const PLACES = 20;
/** Clients with a connection each, and one client with as many connections. */
const OTHERS = 100;
const GREEDY = 100;
/** A query has so long, in the queue and out of it, ms. */
const TIMEOUT_MS = 3000;
const LATE_MS = 100;
/** Servers take so long, one way, that all places are taken. */
const DELAY_MS = 50;
const MOST_GROWTH = 1.1;
/** What was compiled and cached by then counts for nothing, ms. */
const WARM_UP_MS = 2000;

interface Client {
  readonly address: string;
  answered: number;
  refused: number;
  /** The longest that it waited for a refusal, ms. */
  longest: number;
  readonly problems: Set<string>;
}

/** Ten times as many clients as places, one of which sends half of all. */
export const MANY_CLIENTS_ROW: FaultRow = {
  name: 'many-clients',
  run: async ({ replicas, settled, startGateway }, { faultMs }) => {
    const gateway = await startGateway(
      [`--query.max-concurrent=${PLACES}`, `--query.timeout=${TIMEOUT_MS}ms`],
      { execArgv: INSPECTED },
    );
    try {
      for (const { proxy } of replicas)
        await proxy.set({ kind: 'slow', delayMs: DELAY_MS, bytesPerMs: Infinity });
      const path = `/api/v1/query?query=sum(level)&time=${settled.to}&partial_response=false`;
      await loadOf(gateway.url, path, WARM_UP_MS);
      const before = await heapOf(gateway);
      const own = watchOwnLateness();
      const { greedy, others } = await loadOf(gateway.url, path, faultMs);
      const most = TIMEOUT_MS + LATE_MS + 2 * own.longestMs();
      const growth = (await heapOf(gateway)) / before;
      const all = [greedy, ...others];
      const served = others.map(({ answered }) => answered).toSorted((a, b) => a - b);
      const [least, median] = [served[0]!, served[OTHERS / 2]!];
      const longest = Math.max(...all.map((client) => client.longest));
      return {
        figures: undefined,
        bound:
          `refusals ≤ ${most.toFixed(0)} ms, the longest took ${longest.toFixed(0)}; of others each had ${least} answers at least, ` +
          `${median} in the median, the greedy one ${greedy.answered} and ${greedy.refused} refusals, others ` +
          `${others.reduce((sum, { refused }) => sum + refused, 0)}; heap × ${growth.toFixed(2)}`,
        problems: [
          ...new Set(all.flatMap(({ problems }) => [...problems])),
          ...(longest <= most ? [] : [`a refusal took ${longest.toFixed(0)} ms`]),
          ...(least > 0 && least >= median / 2
            ? []
            : [`one client had ${least} answers, the median ${median}`]),
          ...(growth <= MOST_GROWTH ? [] : [`the heap grew × ${growth.toFixed(2)}`]),
        ],
      };
    } finally {
      await gateway.stop('SIGKILL');
      for (const { proxy } of replicas) await proxy.set({ kind: 'none' });
    }
  },
};

async function loadOf(
  url: string,
  path: string,
  ms: number,
): Promise<{ readonly greedy: Client; readonly others: readonly Client[] }> {
  const isOver = { value: false };
  const greedy = newClient('127.0.0.1');
  const others = Array.from({ length: OTHERS }, (_, i) => newClient(`127.0.1.${i + 1}`));
  const running = [
    run(url, path, greedy, GREEDY, isOver),
    ...others.map((client) => run(url, path, client, 1, isOver)),
  ];
  await sleep(ms);
  isOver.value = true;
  await Promise.all(running);
  return { greedy, others };
}

function newClient(address: string): Client {
  return { address, answered: 0, refused: 0, longest: 0, problems: new Set() };
}

async function run(
  url: string,
  path: string,
  client: Client,
  connections: number,
  isOver: { readonly value: boolean },
): Promise<void> {
  const pool = new Pool(url, { connections, localAddress: client.address });
  const ask = async (): Promise<void> => {
    const asked = performance.now();
    const { statusCode, body } = await pool.request({ method: 'GET', path });
    const text = await body.text();
    if (statusCode === 200) client.answered++;
    else if (statusCode === 503) {
      client.refused++;
      client.longest = Math.max(client.longest, performance.now() - asked);
    } else client.problems.add(`${statusCode}: ${text.slice(0, 200)}`);
  };
  const askAll = async (): Promise<void> => {
    while (!isOver.value)
      await ask().catch((thrown: unknown) => client.problems.add(`not answered: ${String(thrown)}`));
  };
  await Promise.all(Array.from({ length: connections }, askAll));
  await pool.destroy();
}
