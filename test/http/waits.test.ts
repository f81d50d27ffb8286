import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pool } from 'undici';
import { openScope, type Origin } from '../../src/gateway/request-scope.ts';
import { grantOf } from '../support/open-requests.ts';
import { answerOf, listening } from './support.ts';

const CROWD = 60;
const WORK_MS = 2;

test('what comes in a crowd knows how long it waited to be begun', async (t) => {
  const waits: number[] = [];
  const port = await listening(t, {
    open: (wishes, origin: Origin) => {
      waits.push(origin.waitedMs!);
      for (const end = performance.now() + WORK_MS; performance.now() < end;);
      return openScope(grantOf(), wishes, origin);
    },
    query: async () => ({ answer: answerOf({ kind: 'scalar', t: 0, v: 1 }), queuedMs: 0 }),
  });
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CROWD });
  t.after(() => pool.destroy());
  const ask = async (): Promise<void> => {
    const { body } = await pool.request({ method: 'GET', path: '/api/v1/query?query=1' });
    await body.dump();
  };
  const crowd = async (): Promise<void> => {
    await Promise.all(Array.from({ length: CROWD }, ask));
  };
  // With all connections open, it comes at once.
  await crowd();
  waits.length = 0;
  const began = performance.now();
  await crowd();
  const most = Math.max(...waits);
  assert.equal(waits.length, CROWD);
  assert.ok(most >= 10 * WORK_MS, `the longest wait was ${most} ms`);
  assert.ok(most <= performance.now() - began);
});
