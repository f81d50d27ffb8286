import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MOST_MARGIN_MS,
  intervalFor,
  marginFor,
  marginNeeded,
  spacingOf,
  toWholeWindows,
} from '../../src/dedup/margin.ts';
import { columnsOf, every, merge } from './of.ts';
import type { Sample } from './of.ts';

const HOUR = 3600;

function needed(...replicas: readonly (readonly Sample[])[]): number {
  return marginNeeded(
    replicas.map((samples, i) => ({ name: String.fromCodePoint(97 + i), columns: columnsOf(samples) })),
  );
}

test('a margin grows with the interval, and is that of a minute where nothing is known', () => {
  assert.equal(marginFor(), 960_000);
  assert.equal(marginFor(15_000), 3 * 120_000 + 150_000);
  assert.equal(marginFor(300_000), 3 * 960_000 + 3_000_000);
  assert.equal(marginFor(3_600_000), 3 * 7_680_000 + 36_000_000);
});

test('series that are hardly slower than once a minute need no more than those', () => {
  assert.equal(marginFor(72_000), marginFor());
  assert.ok(marginFor(72_001) > marginFor());
});

test('an interval is found by its margin, or the next one whose margin is no shorter', () => {
  for (const interval of [0, 1000, 15_000, 60_000, 100_000, 144_000, 300_000, 3_600_000, 20_000_000]) {
    assert.equal(intervalFor(marginFor(interval)), interval);
    const next = intervalFor(marginFor(interval) + 1);
    assert.ok(next > interval && marginFor(next) > marginFor(interval), `${interval}: ${next}`);
  }
});

test('a margin ends with whole windows', () => {
  const range = { minTime: 1_790_000_000_123, maxTime: 1_790_000_300_000 };
  const whole = toWholeWindows(range);
  assert.equal(whole.minTime % 120_000, 0);
  assert.equal((whole.maxTime + 1) % 120_000, 0);
  assert.ok(whole.minTime >= range.minTime && whole.minTime < range.minTime + 120_000);
  assert.ok(whole.maxTime <= range.maxTime && whole.maxTime > range.maxTime - 120_000);
  assert.deepEqual(toWholeWindows(whole), whole);
});

test('usual series need the margin of their interval, whatever they miss', () => {
  const a = every(15, 0, 4 * HOUR).filter(([s]) => s < 2000 || s > 9000 || s === 5000);
  assert.equal(needed(a, every(15, 4, 4 * HOUR)), marginFor(15_000));
  assert.equal(needed(every(60, 0, HOUR), every(60, 31, HOUR)), marginFor());
  assert.equal(needed(every(60, 0, HOUR)), marginFor());
});

test('slow series need the margin of their interval, as a part of them shows it', () => {
  assert.equal(needed(every(300, 0, HOUR), every(300, 90, HOUR)), marginFor(300_000));
  const hourly = needed(every(HOUR, 0, 50 * HOUR));
  assert.ok(hourly >= marginFor(3_600_000) && hourly < 1.5 * marginFor(3_600_000), `${hourly} ms`);
});

test('one slow stretch is enough', () => {
  const a = every(15, 0, HOUR).concat(every(300, HOUR, 3 * HOUR));
  assert.equal(needed(a, every(15, 4, 3 * HOUR)), marginFor(15_000));
  assert.ok(needed(a, a) >= marginFor(300_000));
});

test('of few samples the longest spacing counts', () => {
  assert.equal(needed(every(600, 0, 1300), every(600, 200, 900)), marginFor(600_000));
  assert.equal(needed([[0, 1]], every(15, 4, 40)), marginFor(15_000));
});

test('single samples need the most, unless a stale marker shows when the next was due', () => {
  assert.equal(needed([[0, 1]], [[40, 1]]), MOST_MARGIN_MS);
  assert.equal(
    needed(
      [[0, 1]],
      [
        [4, 1],
        [19, 'stale'],
      ],
    ),
    marginFor(15_000),
  );
  assert.equal(needed([], []), 0);
});

test('no margin is longer than the most', () => {
  assert.equal(needed(every(24 * HOUR, 0, 240 * HOUR)), MOST_MARGIN_MS);
});

test('counts and times of chunks tell which series are to be looked at', () => {
  assert.equal(spacingOf(120, 119 * 15_000), 15_000);
  assert.equal(spacingOf(24, 23 * 300_000), 300_000);
  assert.equal(spacingOf(3, 30_000), Infinity);
});

/** What is left from 1860 s on of replicas that are read from `start` s on; the first misses scrapes before and behind. */
function answerFrom(start: number): string {
  const isMissed = (s: number): boolean => (s > 1800 && s < 1860) || s === 1890;
  const a = every(15, 0, HOUR).filter(([s]) => s >= start && !isMissed(s));
  const b = every(15, 4, HOUR).filter(([s]) => s >= start);
  return merge([a, b])
    .split(' ')
    .filter((sample) => Number.parseFloat(sample) >= 1860)
    .join(' ');
}

test('replicas that are read without a margin are chosen by where the query starts, with it they are not', () => {
  const starts = Array.from({ length: 20 }, (_, i) => 1860 - 6 * i);
  assert.ok(new Set(starts.map(answerFrom)).size > 1);
  const margin = marginFor(15_000) / 1000;
  assert.equal(new Set(starts.map((start) => answerFrom(start - margin))).size, 1);
});
