import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConcurrencyGate } from '../../src/gateway/concurrency-gate.ts';

const forever = new AbortController().signal;

test('work runs in the order of arrival, never more than the limit at once', async () => {
  const gate = new ConcurrencyGate(2);
  const started: number[] = [];
  let most = 0;
  const work = (i: number) => async (): Promise<void> => {
    started.push(i);
    most = Math.max(most, gate.active);
    await nextTurn();
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map((i) => gate.run(forever, work(i))));
  assert.deepEqual(started, [0, 1, 2, 3, 4, 5]);
  assert.equal(most, 2);
  assert.equal(gate.active, 0);
});

test('work that fails gives its place to the next', async () => {
  const gate = new ConcurrencyGate(1);
  const failing = gate.run(forever, () => Promise.reject(new Error('no')));
  const next = gate.run(forever, async () => 'yes');
  await assert.rejects(failing, /no/);
  assert.equal(await next, 'yes');
});

test('who gives up waiting frees no place and takes none', async () => {
  const gate = new ConcurrencyGate(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = gate.run(forever, () => promise);
  const impatient = new AbortController();
  const waiting = gate.run(impatient.signal, () => assert.fail('must not run'));
  assert.equal(gate.waiting, 1);
  impatient.abort(new Error('too long'));
  await assert.rejects(waiting, /too long/);
  assert.deepEqual([gate.active, gate.waiting], [1, 0]);
  await assert.rejects(
    gate.run(AbortSignal.abort(new Error('late')), () => assert.fail('must not run')),
    /late/,
  );
  resolve();
  await running;
  assert.equal(gate.active, 0);
});
