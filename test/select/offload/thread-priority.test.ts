import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { ThreadPool } from '../../../src/select/offload/thread-pool.ts';
import { taskOf } from './support.ts';

/** The niceness of each thread of this process, see proc_pid_stat(5): the 19th field, the 17th behind the name. */
function nicenesses(): readonly number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

test(
  'threads that make rows come after the thread of the requests',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const before = nicenesses();
    const pool = new ThreadPool(2, () => undefined);
    t.after(() => pool.close());
    await Promise.all([1, 2, 3].map((v) => pool.answer(taskOf(1000, v), new AbortController())));
    const own = getPriority();
    assert.deepEqual([...new Set(before)], [own]);
    const later = nicenesses().filter((niceness) => niceness > own);
    assert.equal(later.length, own < 19 ? 2 : 0);
  },
);
