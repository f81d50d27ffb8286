import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import { createClient } from '@redis/client';
import { request } from 'undici';
import { columnsSeries } from '../../select/support.ts';
import { type CacheProcess, startLiar, startMemcached, startRedis } from '../../support/cache-servers.ts';
import { startMemoryPrometheus } from '../../support/memory-prometheus.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';

const MINUTE = 60_000;
const CLIENTS = 4;

/** Two replicas of a shard that scraped for three hours; each sees values of its own minute. */
async function startPair(t: TestContext): Promise<readonly string[]> {
  const first = Math.floor(Date.now() / MINUTE) * MINUTE - 180 * MINUTE;
  const series = ['up', 'm'].flatMap((name) =>
    ['1', '2', '3'].map((instance) =>
      columnsSeries(
        { __name__: name, instance, job: 'j' },
        Array.from({ length: 720 }, (_, i) => [
          first + i * 15_000,
          name === 'up' ? 1 : Math.sin(i * Number(instance)),
        ]),
      ),
    ),
  );
  const pair = ['a', 'b'].map(async (replica) => {
    const server = await startMemoryPrometheus({ cluster: 'eu', __replica__: replica }, series);
    t.after(() => server.close());
    return server.url;
  });
  return Promise.all(pair);
}

/** A gateway that keeps nothing, and two that share what they keep. */
async function startGateways(t: TestContext, shared: Readonly<Record<string, unknown>>) {
  const urls = await startPair(t);
  const start = async (settings: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const gateway = await startTestGateway(urls, { 'query.threads': 0, ...settings });
    t.after(() => gateway.close(0));
    return gateway.url;
  };
  const keeps = { 'query.results_cache_size': 64 * 1024 ** 2, shared_cache: shared };
  const [plain, one, other] = [await start(), await start(keeps), await start(keeps)];
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  /** The data of a query over an hour of the past, without what it cost. */
  const ask = async (url: string, number: number): Promise<{ text: string; sharedSteps: number }> => {
    const parameters = new URLSearchParams({
      query: `sum by (instance) (m) * ${number + 1}`,
      start: String((now - 100 * MINUTE) / 1000),
      end: String((now - 40 * MINUTE) / 1000),
      step: '15',
      stats: 'true',
    });
    const { statusCode, body } = await request(`${url}/api/v1/query_range?${parameters.toString()}`);
    const text = await body.text();
    assert.equal(statusCode, 200, text.slice(0, 500));
    const answer = JSON.parse(text) as {
      readonly data: {
        readonly result: readonly unknown[];
        readonly stats: { readonly resultsCache?: { readonly sharedSteps: number } };
      };
      readonly warnings?: readonly string[];
    };
    assert.equal(answer.data.result.length, 3);
    const { result, stats } = answer.data;
    return {
      text: JSON.stringify([result, answer.warnings]),
      sharedSteps: stats.resultsCache?.sharedSteps ?? 0,
    };
  };
  let number = 0;
  /** Asks both for something new, one after the other; how many steps the second one had of the first. */
  const compare = async (between: () => Promise<void> = async () => {}): Promise<number> => {
    const mine = number++;
    const expected = await ask(plain, mine);
    const first = await ask(one, mine);
    await between();
    const second = await ask(other, mine);
    assert.equal(first.text, expected.text);
    assert.equal(second.text, expected.text);
    return second.sharedSteps;
  };
  /** Results are packed and put there behind the answer. Whoever asks at once may be there before them, time and again. */
  const shares = (): Promise<void> =>
    until('a gateway had results of the other one', 20_000, async () => {
      const before = await piecesOf(one);
      const arePut = async (): Promise<boolean> => {
        const { put, waiting } = await piecesOf(one);
        return waiting === 0 && put > before.put;
      };
      return (await compare(() => forAWhile(arePut))) > 0;
    });
  return { compare, shares };
}

/** How many pieces a gateway has put into its shared cache, and how many wait for their turn. */
async function piecesOf(url: string): Promise<{ readonly put: number; readonly waiting: number }> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  const valueOf = (metric: RegExp): number =>
    Number(
      lines
        .find((line) => metric.test(line))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  return {
    put: valueOf(/^promweave_shared_cache_calls_total\{.*call="put",outcome="answered"/),
    waiting: valueOf(/^promweave_shared_cache_waiting_pieces /),
  };
}

/** Has clients ask while something goes on; none may fail, and none may get anything else than without a cache. */
async function whileAsked(compare: () => Promise<number>, goesOn: () => Promise<void>): Promise<number> {
  let count = 0;
  const over = new AbortController();
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!over.signal.aborted) {
      await compare();
      count++;
    }
  });
  const trouble = goesOn().finally(() => over.abort());
  await Promise.all([trouble, ...clients]);
  return count;
}

/** Waits for something that may not come: while a server is away, nothing is put there. */
async function forAWhile(condition: () => Promise<boolean>): Promise<void> {
  for (let waits = 0; waits < 50 && !(await condition()); waits++) await pause(20);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const KINDS: readonly (readonly [
  name: string,
  start: (t: TestContext, port?: number) => Promise<CacheProcess>,
  settings: (address: string) => Readonly<Record<string, unknown>>,
])[] = [
  [
    'redis',
    (t, port) => startRedis(t, port === undefined ? {} : { port }),
    (address) => ({ redis: { address } }),
  ],
  ['memcached', startMemcached, (address) => ({ memcached: { addresses: [address] } })],
];

describe('two gateways that share results', () => {
  for (const [name, start, settings] of KINDS)
    test(`answer as one without while their ${name} is killed, started again, frozen and thawed`, async (t) => {
      const server = await start(t);
      const { compare, shares } = await startGateways(t, settings(server.address));
      await shares();
      const count = await whileAsked(compare, async () => {
        await server.stop('SIGKILL');
        await pause(300);
        const again = await start(t, server.port);
        await pause(700);
        again.child.kill('SIGSTOP');
        await pause(500);
        again.child.kill('SIGCONT');
      });
      assert.ok(count > 20, `only ${count} questions were asked`);
      await shares();
    });

  test('answer as one without while their redis is filled with garbage', async (t) => {
    const server = await startRedis(t);
    const { compare, shares } = await startGateways(t, { redis: { address: server.address } });
    await shares();
    const vandal = createClient({ url: `redis://${server.address}`, RESP: 2 });
    vandal.on('error', () => {});
    await vandal.connect();
    t.after(() => vandal.destroy());
    let destroyed = 0;
    await whileAsked(compare, async () => {
      const end = performance.now() + 1500;
      while (performance.now() < end) {
        for (const key of await vandal.keys('*')) {
          if (destroyed % 4 === 3) await vandal.hSet(key + destroyed, 'not', 'a string');
          else await vandal.set(key, randomBytes(destroyed % 300));
          destroyed++;
        }
        await vandal.flushAll();
      }
    });
    assert.ok(destroyed > 5, `only ${destroyed} values were destroyed`);
    await shares();
  });

  for (const lie of ['$-1\r\n', '*1\r\n$3\r\nabc\r\n', 'END\r\n', 'x'.repeat(5000)])
    test(`answer as one without while their cache says ${JSON.stringify(lie.slice(0, 20))} to everything`, async (t) => {
      const liar = await startLiar(t, (socket) => socket.write(lie));
      for (const shared of [
        { redis: { address: liar.address } },
        { memcached: { addresses: [liar.address] } },
      ]) {
        const { compare } = await startGateways(t, shared);
        const count = await whileAsked(compare, () => pause(300));
        assert.ok(count > 0);
      }
    });
});
