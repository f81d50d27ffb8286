import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openScope } from '../../src/gateway/request-scope.ts';
import { grantOf } from '../support/open-requests.ts';
import { callUnary, gatewayWith, startGrpc } from './support.ts';

const CROWD = 60;
const WORK_MS = 2;

test('a call that comes in a crowd knows how long it waited to be begun', async (t) => {
  const waits: number[] = [];
  const gateway = gatewayWith({
    open: (wishes, origin) => {
      waits.push(origin.waitedMs!);
      for (const end = performance.now() + WORK_MS; performance.now() < end;);
      return openScope(grantOf(), wishes, origin);
    },
    store: { labelNames: async () => ({ items: [], annotations: [] }) },
  });
  const { client, close } = await startGrpc(gateway);
  t.after(close);
  const ask = (): Promise<unknown> => callUnary(client, '/thanos.Store/LabelNames', Buffer.alloc(0));
  await ask();
  waits.length = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: CROWD }, ask));
  const most = Math.max(...waits);
  assert.equal(waits.length, CROWD);
  assert.ok(most >= 10 * WORK_MS, `the longest wait was ${most} ms`);
  assert.ok(most <= performance.now() - began);
});
