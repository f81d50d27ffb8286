import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProbeQueue, PROBES_AT_ONCE, SLOW_PROBES } from '../../src/cluster/probe-queue.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { settled } from './support.ts';

/** Probes that run until they are ended. */
function probesOf(queue: ProbeQueue) {
  const ends: (() => void)[] = [];
  let running = 0;
  return {
    running: () => running,
    end: () => ends.shift()!(),
    start: (count: number) => {
      for (let i = 0; i < count; i++)
        void queue.run(async () => {
          running++;
          await new Promise<void>((resolve) => ends.push(resolve));
          running--;
        });
    },
  };
}

test('only so many probes run at once, and the next follows as one ends', async () => {
  const probes = probesOf(new ProbeQueue(new ManualTimers()));
  probes.start(PROBES_AT_ONCE + 2);
  await settled();
  assert.equal(probes.running(), PROBES_AT_ONCE);
  for (let left = PROBES_AT_ONCE + 1; left > 0; left--) {
    probes.end();
    await settled();
    assert.equal(probes.running(), Math.min(left, PROBES_AT_ONCE));
  }
});

test('probes that hang do not keep the others waiting, but for a bounded number', async () => {
  const timers = new ManualTimers();
  const probes = probesOf(new ProbeQueue(timers));
  const most = PROBES_AT_ONCE + SLOW_PROBES;
  probes.start(most + 10);
  for (let i = 0; i < 10; i++) {
    await settled();
    await timers.fire();
  }
  assert.equal(probes.running(), most);
  for (let i = 0; i < most + 10; i++) {
    probes.end();
    await settled();
    assert.ok(probes.running() <= most);
    await timers.fire();
  }
  assert.equal(probes.running(), 0);
  probes.start(PROBES_AT_ONCE + 1);
  await settled();
  assert.equal(probes.running(), PROBES_AT_ONCE, 'every turn was given back, and none twice');
});

test('a probe that throws gives its turn back', async () => {
  const queue = new ProbeQueue(new ManualTimers());
  for (let i = 0; i < PROBES_AT_ONCE + 1; i++)
    await assert.rejects(
      queue.run(() => Promise.reject(new Error('no'))),
      { message: 'no' },
    );
});
