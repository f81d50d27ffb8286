import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdleCollector } from '../../src/app/idle-collector.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const MB = 1024 ** 2;

function collector() {
  const ceiling = new MemoryCeiling(0);
  const timers = new ManualTimers();
  const collected: string[] = [];
  const idle = new IdleCollector(ceiling, timers, (thoroughness) => collected.push(thoroughness));
  const request = (bytes: number): void => {
    ceiling.take(bytes, bytes);
    ceiling.give(bytes);
  };
  return { ceiling, timers, collected, idle, request };
}

test('after a large request garbage is collected once nothing is asked, then free pages go back', async () => {
  const { timers, collected, request } = collector();
  request(100 * MB);
  for (const expected of [[], [], ['regular'], ['regular', 'last-resort'], ['regular', 'last-resort']]) {
    await timers.fire();
    assert.deepEqual(collected, expected);
  }
});

test('nothing is collected while requests come, whatever they hold', async () => {
  const { timers, collected, request } = collector();
  request(100 * MB);
  for (let i = 0; i < 5; i++) {
    await timers.fire();
    request(1);
  }
  assert.deepEqual(collected, []);
});

test('nothing is collected while a large request runs', async () => {
  const { ceiling, timers, collected } = collector();
  ceiling.take(100 * MB, 100 * MB);
  for (let i = 0; i < 5; i++) await timers.fire();
  assert.deepEqual(collected, []);
});

test('small requests leave nothing that is worth a look', async () => {
  const { timers, collected, request } = collector();
  request(MB);
  for (let i = 0; i < 5; i++) await timers.fire();
  assert.deepEqual(collected, []);
});

test('stops', async () => {
  const { timers, idle } = collector();
  await timers.fire();
  idle.stop();
  assert.deepEqual(timers.delays(), []);
});
