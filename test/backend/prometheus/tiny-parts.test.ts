import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { boundedCall } from '../../../src/cluster/bounded-call.ts';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { Heartbeat } from '../../../src/model/lateness.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { watchTurns } from '../../support/busy-turns.ts';
import { startChild } from '../../support/load/child.ts';
import { openScope } from '../../support/scopes.ts';
import { backendAt, failureOf, NEVER, valueOf } from './support.ts';

const ALL_NAMES = { matcherSets: [], minTime: -Infinity, maxTime: Infinity, limit: 0 };
const ITEMS = 10_000;
/** As in long-answers.test.ts. */
const MOST_TURN_MS = 150;
const TRIES = 3;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

/** A server that answers everything with one text, each byte of it in a chunk of its own. */
async function byteByByte(t: TestContext, text: string): Promise<string> {
  const chunks = text.replace(/./g, '1\r\n$&\r\n');
  const answer = Buffer.from(`${HEAD}${chunks}0\r\n\r\n`);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an answer of very many tiny parts is read right, and holds no turn of the event loop long', async (t) => {
  const data = Array.from({ length: ITEMS }, (_, i) => `l${i}`);
  const url = await byteByByte(t, JSON.stringify({ status: 'success', data }));
  const backend = backendAt(t, url);
  let longest = Infinity;
  for (let tries = 0; tries < TRIES && longest > MOST_TURN_MS; tries++) {
    const scope = openScope();
    const busy = await watchTurns(async () => {
      const { items } = valueOf(await backend.labelNames(scope, ALL_NAMES));
      assert.equal(items.length, ITEMS);
    });
    scope.budget.release();
    longest = Math.min(longest, busy.longestTurn);
  }
  t.diagnostic(`longest turn ${longest.toFixed(0)} ms`);
  assert.ok(longest <= MOST_TURN_MS, `kept others waiting for ${longest.toFixed(0)} ms`);
});

test('an endless answer of tiny parts, which keeps the process busy all the time, ends with the time of its endpoint', async (t) => {
  const child = await startChild(
    fileURLToPath(new URL('../../support/hostile/tiny-parts-process.ts', import.meta.url)),
    [],
  );
  t.after(async () => child.stop());
  const backend = backendAt(t, child.url);
  const lateness = new Heartbeat(SYSTEM_CLOCK, SYSTEM_TIMERS);
  t.after(() => lateness.stop());
  const bound = { address: 'x', timeoutMs: 500, leftMs: 20_000, timers: SYSTEM_TIMERS, lateness };
  const scope = openScope();
  const started = performance.now();
  const { kind, reason } = failureOf(
    await boundedCall(bound, NEVER, (signal, reading) =>
      backend.labelNames({ ...scope, signal, reading }, ALL_NAMES),
    ),
  );
  t.diagnostic(`ended after ${Math.round(performance.now() - started)} ms`);
  scope.budget.release();
  assert.equal(kind, 'timeout');
  assert.match(reason, /no complete answer within 0\.5 s; it hangs or is overloaded/);
});
