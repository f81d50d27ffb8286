import assert from 'node:assert/strict';
import { request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test, type TestContext } from 'node:test';
import type { FakeRequest } from '../../support/fake-server.ts';
import { until } from '../../support/until.ts';
import { gatewayOverStores, isOfQuery, startHostile } from '../stores/support.ts';
import { NOW, US_A, gatewayOver, startReplica } from './support.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const WAVES = 100;
const CALLS_A_WAVE = 10;
/** So soon a backend hears that its answer is not wanted any more, ms. */
const SOON_MS = 100;
/** What may be left of a thousand requests, bytes: a twentieth of the heap of a small gateway. */
const MOST_LEFT_BYTES = 4 * 1024 ** 2;

/** Calls that a backend has got and never answers. */
class OpenCalls {
  #open = 0;
  #wanted = -1;
  #reached = Promise.withResolvers<void>();

  add(onEnd: (end: () => void) => void): void {
    this.#move(1);
    onEnd(() => this.#move(-1));
  }

  async reach(count: number): Promise<void> {
    this.#wanted = count;
    this.#reached = Promise.withResolvers();
    this.#move(0);
    await this.#reached.promise;
  }

  #move(by: number): void {
    this.#open += by;
    if (this.#open === this.#wanted) this.#reached.resolve();
  }
}

async function overHttp(t: TestContext, calls: OpenCalls): Promise<string> {
  const usA = await startReplica(t, US_A);
  const gateway = await gatewayOver(t, [usA], { refresh_interval: '1h', 'query.endpoint_timeout': '1m' });
  usA.fault.read = (_, response) => {
    // The fake server keeps all that came, which is no matter of the gateway.
    (usA.server.requests as FakeRequest[]).length = 0;
    calls.add((end) => response.once('close', end));
  };
  return gateway;
}

async function overGrpc(t: TestContext, calls: OpenCalls): Promise<string> {
  const store = await startHostile(t, US_A, (call) => {
    if (isOfQuery(call)) calls.add((end) => call.once('cancelled', end));
    else call.end();
  });
  return (await gatewayOverStores(t, [{ address: store.target }])).url;
}

/** Asks over a connection of its own, which the client closes. Equal reads would be one call, so each asks for another time. */
function ask(gateway: string, client: number): { readonly leave: () => void } {
  const time = NOW / 1000 - 600 * client;
  const asked = request(`${gateway}/api/v1/query?query=m&time=${time}`, { agent: false });
  asked.on('error', () => {});
  asked.end();
  return { leave: () => asked.destroy() };
}

function leftOver(): { readonly heap: number; readonly resources: number } {
  collectGarbage();
  collectGarbage();
  return { heap: process.memoryUsage().heapUsed, resources: process.getActiveResourcesInfo().length };
}

for (const [what, start] of Object.entries({ HTTP: overHttp, gRPC: overGrpc }))
  test(`a thousand clients that leave end their calls over ${what} soon, and leave nothing behind`, async (t) => {
    const calls = new OpenCalls();
    const gateway = await start(t, calls);
    const took: number[] = [];
    const wave = async (): Promise<void> => {
      const clients = Array.from({ length: CALLS_A_WAVE }, (_, client) => ask(gateway, client));
      await calls.reach(CALLS_A_WAVE);
      const left = performance.now();
      for (const { leave } of clients) leave();
      await calls.reach(0);
      took.push(performance.now() - left);
    };
    // What is made once is there then.
    for (let i = 0; i < WAVES / 3; i++) await wave();
    const before = leftOver();
    for (let i = 0; i < WAVES; i++) await wave();
    // A busy machine needs a moment to close the connections of the last wave.
    await until(`at most ${CALLS_A_WAVE} resources are left beside ${before.resources}`, 10_000, async () => {
      return process.getActiveResourcesInfo().length <= before.resources + CALLS_A_WAVE;
    });
    const after = leftOver();
    // It may hold up some of the calls as well.
    const median = took.sort((a, b) => a - b)[took.length / 2]!;
    assert.ok(median < SOON_MS, `calls ended after ${median} ms`);
    assert.ok(after.heap - before.heap < MOST_LEFT_BYTES, `${after.heap - before.heap} bytes are left`);
    t.diagnostic(
      `median ${median} ms, worst ${took.at(-1)} ms, ${after.heap - before.heap} bytes, ${after.resources - before.resources} resources`,
    );
  });
