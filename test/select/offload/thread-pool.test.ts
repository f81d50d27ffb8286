import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { ThreadPool, startRowThread } from '../../../src/select/offload/thread-pool.ts';
import { leafAt, taskOf } from './support.ts';

/** For nobody, and never given up. */
const NEVER = new AbortController();

function poolOf(t: TestContext, size: number) {
  const ends: unknown[] = [];
  const started: Worker[] = [];
  const start = (): Worker => {
    const thread = startRowThread();
    started.push(thread);
    return thread;
  };
  const pool = new ThreadPool(size, (thrown) => ends.push(thrown), start);
  t.after(() => pool.close());
  return { pool, ends, started };
}

/** A function that nothing makes a task of. */
const MISTAKE = taskOf(1000, 1, {
  ...leafAt(1000),
  kind: 'range',
  func: 'nothing',
  extent: undefined,
  range: 1000,
  args: [],
  usesStart: false,
});

describe('a pool of threads', () => {
  it('answers tasks, each caller its own', async (t) => {
    const { pool } = poolOf(t, 2);
    const answers = await Promise.all([3, 1, 4, 1, 5].map((v) => pool.answer(taskOf(1000, v), NEVER)));
    assert.deepEqual(
      answers.map(({ values }) => [...values]),
      [[3], [1], [4], [1], [5]],
    );
  });

  it('starts no more threads than it may, and none before there is work', async (t) => {
    const { pool } = poolOf(t, 2);
    assert.equal(pool.running, 0);
    await Promise.all([1, 2, 3, 4, 5].map((v) => pool.answer(taskOf(1000, v), NEVER)));
    assert.equal(pool.running, 2);
  });

  it('makes the rows of those that ask in turns, however many tasks one of them has', async (t) => {
    const { pool } = poolOf(t, 1);
    const order: string[] = [];
    const ask = async (tenant: string, v: number): Promise<void> => {
      await pool.answer(taskOf(1000, v), { signal: NEVER.signal, caller: { tenant, client: '' } });
      order.push(`${tenant}${v}`);
    };
    await Promise.all([...[1, 2, 3, 4, 5, 6].map((v) => ask('a', v)), ask('b', 1), ask('b', 2)]);
    // Two were on their way before anybody else asked.
    assert.deepEqual(order, ['a1', 'a2', 'b1', 'a3', 'b2', 'a4', 'a5', 'a6']);
  });

  it('drops a task that waits once its request is given up', async (t) => {
    const { pool } = poolOf(t, 1);
    const given = new AbortController();
    const first = [1, 2].map((v) => pool.answer(taskOf(1000, v), NEVER));
    const waiting = pool.answer(taskOf(1000, 3), given);
    given.abort(new Error('gone'));
    await assert.rejects(waiting, /gone/);
    assert.deepEqual(
      (await Promise.all(first)).map(({ values }) => values[0]),
      [1, 2],
    );
  });

  it('hands a mistake of our own on to the one request, and goes on', async (t) => {
    const { pool, ends } = poolOf(t, 1);
    await assert.rejects(pool.answer(MISTAKE, NEVER), /BUG: function nothing has no kernel/);
    const { values } = await pool.answer(taskOf(1000, 7), NEVER);
    assert.deepEqual([[...values], ends], [[7], []]);
  });

  it('fails the tasks of a thread that ends, says so once, and starts another one', async (t) => {
    const { pool, ends, started } = poolOf(t, 1);
    const lost = pool.answer(taskOf(1000, 1), NEVER);
    await started[0]!.terminate();
    await assert.rejects(lost, {
      kind: 'internal',
      message: 'a thread that evaluated the query ended: it exited with 0',
    });
    const { values } = await pool.answer(taskOf(1000, 7), NEVER);
    assert.deepEqual([[...values], ends.length], [[7], 1]);
  });

  it('fails what waits when it is closed, and what comes later', async (t) => {
    const { pool, ends } = poolOf(t, 1);
    const asked = [1, 2, 3].map((v) => pool.answer(taskOf(1000, v), NEVER));
    const failed = asked.map((answer) => assert.rejects(answer, { kind: 'internal' }));
    await pool.close();
    await Promise.all(failed);
    await assert.rejects(pool.answer(taskOf(1000, 4), NEVER), {
      kind: 'internal',
      message: /shutting down/,
    });
    assert.deepEqual([pool.running, ends], [0, []]);
  });
});
