import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { atMost } from '../../src/model/fair-queue.ts';
import { askOwnThread } from '../../src/model/own-thread.ts';
import { turnsUntil } from '../support/turns-until.ts';

const MODULE = new URL('../../src/model/own-thread.ts', import.meta.url).href;

/** The address of a module that has beside it one for a thread. */
function beside(t: TestContext, work: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'work.mjs'),
    `import { answerQuestion } from ${JSON.stringify(MODULE)};\n${work}`,
  );
  return pathToFileURL(join(folder, 'asker.mjs')).href;
}

test('a thread answers its question while others have their turns', async (t) => {
  const from = beside(t, 'answerQuestion(({ a, b }) => new Map([["sum", a + b]]));');
  const { value, turns } = await turnsUntil(askOwnThread(from, 'work', { a: 1, b: 2 }));
  assert.deepEqual(value, new Map([['sum', 3]]));
  assert.ok(turns > 10, `${turns} turns of the loop`);
});

test('a thread that ends without an answer is a failure', async (t) => {
  const fails = beside(t, 'answerQuestion(() => { throw new TypeError("broken"); });');
  await assert.rejects(askOwnThread(fails, 'work', 1), { name: 'TypeError', message: 'broken' });
  const ends = beside(t, 'process.exit(3);');
  await assert.rejects(askOwnThread(ends, 'work', 1), { message: 'the thread work exited with 3' });
  await assert.rejects(askOwnThread(ends, 'nowhere', 1), { message: /nowhere/ });
});

test('threads wait for their turn, and each has one', async (t) => {
  // Each tells from when to when it was there.
  const from = beside(
    t,
    'answerQuestion(() => { const began = Date.now(); while (Date.now() < began + 50); return [began, Date.now()]; });',
  );
  const limits = { inTurn: atMost(1), longestMs: 20_000, heapMb: 64 };
  const spans = await Promise.all(
    [1, 2, 3].map(async (i) => askOwnThread<readonly [number, number]>(from, 'work', i, limits)),
  );
  const [first, second, third] = spans.toSorted(([a], [b]) => a - b);
  assert.ok(first![1] <= second![0] && second![1] <= third![0], JSON.stringify(spans));
});

test('a thread that takes too long, or too much memory, is ended', async (t) => {
  const limits = { inTurn: atMost(2), longestMs: 200, heapMb: 64 };
  const hangs = beside(t, 'answerQuestion(() => { for (;;); });');
  await assert.rejects(askOwnThread(hangs, 'work', 1, limits), {
    message: 'the thread work did not answer within 0.2 s',
  });
  const grows = beside(
    t,
    'answerQuestion(() => { const all = []; for (;;) all.push(new Array(1000).fill({})); });',
  );
  await assert.rejects(askOwnThread(grows, 'work', 1, { ...limits, longestMs: 20_000, heapMb: 8 }), {
    code: 'ERR_WORKER_OUT_OF_MEMORY',
  });
});
