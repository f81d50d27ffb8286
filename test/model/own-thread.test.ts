import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
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
