import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openBudget } from '../../src/model/budget.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { answerOf, serverOver } from './support.ts';

const BODY = `query=1&more=${'x'.repeat(1000)}`;

function post(ceiling: MemoryCeiling, onQuery: () => void) {
  const server = serverOver({
    openBody: () => openBudget(ceiling, { bytes: 0, series: 0 }),
    query: async () => {
      onQuery();
      return { answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 };
    },
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return server.inject({ method: 'POST', url: '/api/v1/query', headers, body: BODY });
}

test('a body counts against the memory of the process until the answer was sent', async () => {
  const ceiling = new MemoryCeiling(0);
  let held = 0;
  const { statusCode } = await post(ceiling, () => {
    held = ceiling.held;
  });
  assert.deepEqual([statusCode, held, ceiling.held], [200, BODY.length, 0]);
});

test('a body for which there is no room is refused, and holds nothing', async () => {
  const ceiling = new MemoryCeiling(BODY.length - 1);
  const { statusCode, body } = await post(ceiling, () => assert.fail('the query was asked'));
  assert.equal(statusCode, 503);
  assert.match(body, /--query.max-memory/);
  assert.equal(ceiling.held, 0);
});

test('what comes of a body after an early answer is read and forgotten', async (t) => {
  const ceiling = new MemoryCeiling(0);
  const server = serverOver({ openBody: () => openBudget(ceiling, { bytes: 0, series: 0 }) });
  t.after(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const part = 'match[]=up&'.repeat(100_000);
  socket.write(
    `POST /api/v1/series HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${10 * part.length}\r\n\r\n`,
  );
  for (let i = 0; i < 10; i++) socket.write(part);
  // The server hangs up on what it does not read.
  socket.on('error', () => undefined).resume();
  await new Promise((resolve) => socket.once('close', resolve));
  const { status } = await fetch(`${url}/-/healthy`);
  assert.deepEqual([status, ceiling.held], [200, 0]);
});
