import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absoluteTime } from '../../../src/cli/explain/relative-time.ts';

const NOW = 7_200_500;

test('times relative to now become seconds since the epoch', () => {
  for (const [text, seconds] of [
    ['now', '7200.5'],
    ['now-1h', '3600.5'],
    ['-1h30m', '1800.5'],
    ['now+500ms', '7201'],
    ['+1m', '7260.5'],
  ] as const)
    assert.equal(absoluteTime('time', text, NOW), seconds, text);
});

test('times that the API reads stay as they are', () => {
  for (const text of ['0', '-5', '1795420028.126', '2026-11-23T07:43:13Z', '', 'yesterday'])
    assert.equal(absoluteTime('time', text, NOW), text);
});

test('a duration that is none is named with its flag', () => {
  assert.throws(() => absoluteTime('start', 'now-5hours', NOW), {
    kind: 'bad_data',
    message: '--start=now-5hours is no time; write for example now, -90m or now-1h30m',
  });
});
