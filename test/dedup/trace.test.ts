import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DedupOptions } from '../../src/dedup/dedupe.ts';
import { renderReason } from '../../src/dedup/reason.ts';
import { EPOCH_S, every, merge } from './of.ts';

/** One line a window: start in seconds, replica, penalty in seconds, reason. */
function traced(...replicas: Parameters<typeof merge>[0]): string[] {
  return tracedWith({}, replicas);
}

function tracedWith(options: DedupOptions, replicas: Parameters<typeof merge>[0]): string[] {
  const lines: string[] = [];
  merge(replicas, options, {
    window: (start, end, replica, penalty, reason) => {
      assert.equal(end - start, 120_000);
      lines.push(
        `${start / 1000 - EPOCH_S} ${replica} ${penalty / 1000}: ${renderReason(reason, (name) => name)}`,
      );
    },
  });
  return lines;
}

const without = (from: number, to: number, samples: [number, number][]): [number, number][] =>
  samples.filter(([s]) => s < from || s >= to);

test('healthy replicas tie, and the first by name wins', () => {
  assert.deepEqual(traced(every(15, 0, 240), every(15, 4, 240)), ['0 a 0: tie', '120 a 0: tie']);
});

test('the reason for a change names what the preferred replica missed', () => {
  const lines = traced(without(150, 210, every(15, 0, 360)), every(15, 4, 360));
  assert.deepEqual(lines, ['0 a 0: tie', '120 b 0: replica a missed 4 scrapes', '240 a 0: tie']);
});

test('a window that one replica alone has', () => {
  assert.deepEqual(traced(every(15, 0, 120), every(15, 124, 240)), [
    '0 a 0: only source',
    '120 b 4: only source',
  ]);
});

test('a replica that gave the series up', () => {
  const lines = traced([...every(15, 0, 135), [135, 'stale']], every(15, 4, 240));
  assert.equal(lines[1], '120 b 0: stale');
});

test('a denser replica', () => {
  assert.deepEqual(
    traced(every(60, 0, 240), every(15, 4, 240)).map((line) => line.split(': ')[1]),
    ['denser than a', 'denser than a'],
  );
});

test('of a target that none reached, what a winner missed itself is no reason', () => {
  const failed = (interval: number, from: number, to: number) => every(interval, from, to, () => 0);
  const why = (...replicas: Parameters<typeof merge>[0]) => tracedWith({ scrapeHealth: true }, replicas);
  assert.deepEqual(why(failed(15, 0, 120), failed(15, 4, 124)), ['0 a 0: tie']);
  assert.deepEqual(why(failed(15, 60, 120), failed(15, 4, 124)), ['0 b 4: replica a missed 4 scrapes']);
  assert.deepEqual(why(failed(15, 0, 120), every(15, 4, 124)), ['0 b 4: replica a missed 8 scrapes']);
});
