import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { startChild } from '../support/load/child.ts';
import { FLEET_END } from '../support/load/fleet.ts';

const FLEET = fileURLToPath(import.meta.resolve('../support/load/fleet-process.ts'));
const GATEWAY = fileURLToPath(import.meta.resolve('../support/load/gateway-process.ts'));
const [SHARDS, REPLICAS, TARGETS] = [4, 2, 5];
const ENDPOINTS = SHARDS * REPLICAS;
const QUERY = 'count(up)';
const ROUNDS = Number(process.env['ROUNDS'] ?? 6);
const WARM_UP = 600;
const ONE_BY_ONE = 200;
const AT_ONCE = 600;
const CLIENTS = 8;

/**
 * A query that reads next to nothing, over many endpoints: what is measured is what each request and each call costs, whatever it
 * answers. The processor time is that of the gateway's process, the client and the servers have others; best of some rounds.
 */
export async function run(): Promise<void> {
  console.log(
    `${QUERY}: ${TARGETS} series in each of ${SHARDS} shards of ${REPLICAS} replicas; best of ${ROUNDS}`,
  );
  const fleet = await startChild(FLEET, [`${SHARDS}`, `${REPLICAS}`, `${TARGETS}`]);
  const urls = fleet.url.split(' ');
  const gateway = await startChild(GATEWAY, [JSON.stringify({}), ...urls], ['--max-semi-space-size=16']);
  const [through, direct] = [new Pool(gateway.url), new Pool(urls[0]!)];
  try {
    await ask(through, WARM_UP, CLIENTS, SHARDS * TARGETS);
    await ask(direct, WARM_UP, CLIENTS, TARGETS);
    const best: Record<string, number> = {};
    const keep = (name: string, value: number): void => {
      best[name] = Math.min(best[name] ?? Infinity, value);
    };
    for (let round = 0; round < ROUNDS; round++) {
      const before = (await gateway.ask('processor')) as number;
      keep('ms', await ask(through, ONE_BY_ONE, 1, SHARDS * TARGETS));
      const between = (await gateway.ask('processor')) as number;
      keep('µs alone', (between - before) / ONE_BY_ONE);
      keep('ms of 8', await ask(through, AT_ONCE, CLIENTS, SHARDS * TARGETS));
      keep('µs of 8', (((await gateway.ask('processor')) as number) - between) / AT_ONCE);
      keep('direct ms', await ask(direct, ONE_BY_ONE, 1, TARGETS));
    }
    console.table({
      'one by one': row(best['µs alone']!, best['ms']!, 1),
      '8 clients': row(best['µs of 8']!, best['ms of 8']!, CLIENTS),
      'a server that answers from memory': { 'ms a query': round(best['direct ms']!) },
    });
  } finally {
    await Promise.all([through.close(), direct.close()]);
    await gateway.stop();
    await fleet.stop();
  }
}

function row(processorUs: number, ms: number, clients: number): Record<string, number> {
  return {
    'processor µs a query': Math.round(processorUs),
    'processor µs a call': Math.round(processorUs / ENDPOINTS),
    'ms a query': round(ms),
    'queries/s': Math.round((clients * 1000) / ms),
  };
}

/** Asks so often, so many at a time, and returns how long each took on average, ms. */
async function ask(pool: Pool, times: number, clients: number, expected: number): Promise<number> {
  const path = `/api/v1/query?query=${encodeURIComponent(QUERY)}&time=${FLEET_END / 1000}`;
  let left = times;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) {
        const { body } = await pool.request({ method: 'GET', path });
        const text = await body.text();
        if (!text.includes(`"${expected}"`)) throw new Error(`an answer other than ${expected}: ${text}`);
      }
    }),
  );
  return ((performance.now() - started) * clients) / times;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
