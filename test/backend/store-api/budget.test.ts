import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBudget } from '../../../src/model/budget.ts';
import { MemoryCeiling } from '../../../src/model/memory-ceiling.ts';
import { roomToWrite } from '../../support/fake-store.ts';
import { scopeWith } from '../../support/scopes.ts';
import { ALL, backendTo, chunkOf, seriesMessage } from './support.ts';

const MB = 1024 * 1024;

test('a stream that is larger than the request may hold ends the request, and is canceled', async (t) => {
  let sent = 0;
  const backend = await backendTo(t, {
    series: async (call) => {
      for (let i = 0; !call.cancelled; i++) {
        const message = seriesMessage(
          { __name__: 'a', pad: `${i}${'x'.repeat(64 * 1024)}` },
          chunkOf([10, 1]),
        );
        sent += message.length;
        if (!call.write(message)) await roomToWrite(call);
      }
    },
  });
  const budget = openBudget(new MemoryCeiling(0), { bytes: 8 * MB, series: 0 });
  await assert.rejects(backend.select({ ...scopeWith(), budget }, ALL), { kind: 'too_large' });
  assert.ok(budget.held <= 8 * MB);
  assert.ok(sent < 24 * MB, `the server was let to send ${sent} bytes`);
});

test('series count against their limit, however small they are', async (t) => {
  const backend = await backendTo(t, {
    series: (call) => {
      for (let i = 0; i < 20; i++) call.write(seriesMessage({ i: String(i) }, chunkOf([10, 1])));
      call.end();
    },
  });
  const budget = openBudget(new MemoryCeiling(0), { bytes: 0, series: 10 });
  await assert.rejects(backend.select({ ...scopeWith(), budget }, ALL), {
    kind: 'too_large',
    message: /more series than the limit of 10/,
  });
});
