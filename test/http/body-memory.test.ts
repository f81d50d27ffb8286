import assert from 'node:assert/strict';
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
