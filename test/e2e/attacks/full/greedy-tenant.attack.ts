import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STREAMED_TYPE } from '../../../support/fake-prometheus.ts';
import { startLoad } from '../../../support/load/load-servers.ts';
import { WIDE_END, WIDE_METRIC } from '../../../support/load/wide.ts';
import { EU_A, framesOf, NOW, startReplica } from '../../failures/support.ts';

/** Of each of two replicas of the greedy tenant. */
const SERIES = 10_000;
/** Of each tenant; those of the modest one come from so many clients. */
const QUERIES = 100;
const CLIENTS = 2;
const WARM_UP = 5;
const MODEST = 'sum by (instance) (rate(m[5m]))';
/**
 * How long the server of the modest tenant takes for an answer, ms. Of a query that takes next to nothing, a slice of the work of others
 * would be more than all that it takes itself.
 */
const SERVER_MS = 150;

interface Told {
  readonly status: number;
  readonly ms: number;
}

async function ask(url: string, tenant: string, query: string, time: number): Promise<Told> {
  const began = performance.now();
  const answer = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query, time: String(time / 1000) }),
    headers: { 'thanos-tenant': tenant },
  });
  await answer.text();
  return { status: answer.status, ms: performance.now() - began };
}

/** How long the modest tenant waits for each of its answers, ms, the shortest first. @param beside is called with each query. */
async function askModestly(url: string, beside: () => void): Promise<readonly number[]> {
  const times: number[] = [];
  const client = async (): Promise<void> => {
    for (let i = 0; i < QUERIES / CLIENTS; i++) {
      beside();
      const { status, ms } = await ask(url, 'modest', MODEST, NOW);
      assert.equal(status, 200);
      times.push(ms);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return times.sort((a, b) => a - b);
}

function quantile(times: readonly number[], q: number): number {
  return times[Math.ceil(times.length * q) - 1]!;
}

test('a tenant that sends half of all requests, and wide ones, beside one with small ones', async (t) => {
  const load = await startLoad(SERIES, 'wide');
  t.after(() => load.stop());
  const small = await startReplica(t, EU_A);
  small.fault.read = (_, response) => {
    const answer = (): unknown =>
      response.writeHead(200, { 'content-type': STREAMED_TYPE }).end(framesOf(EU_A));
    setTimeout(answer, SERVER_MS);
  };
  const { url } = await load.startGateway([...load.urls, small.url], undefined, {
    'tenancy.enforce': true,
    'tenancy.tenants': { greedy: '{cluster="wide"}', modest: '{cluster="eu"}' },
    'limits.default': { max_concurrent: 2, max_queued: 4 },
  });
  // Code that runs for the first time is slow.
  for (let i = 0; i < WARM_UP; i++) {
    assert.equal((await ask(url, 'greedy', `count(${WIDE_METRIC})`, WIDE_END)).status, 200);
    assert.equal((await ask(url, 'modest', MODEST, NOW)).status, 200);
  }
  const alone = await askModestly(url, () => undefined);
  const greedy: Promise<Told>[] = [];
  const beside = await askModestly(url, () => {
    greedy.push(ask(url, 'greedy', `count(${WIDE_METRIC})`, WIDE_END));
  });
  const statuses = (await Promise.all(greedy)).map(({ status }) => status);
  const answered = statuses.filter((status) => status === 200).length;
  const refused = statuses.filter((status) => status === 503).length;
  const told = [0.5, 0.99].map((q) =>
    [quantile(alone, q), quantile(beside, q)].map(Math.round).join(' and '),
  );
  const figures = `p50 ${told[0]} ms, p99 ${told[1]} ms; of the greedy one ${answered} answered, ${refused} refused`;
  t.diagnostic(figures);
  assert.ok(answered > 5, figures);
  assert.equal(answered + refused, QUERIES, figures);
});
