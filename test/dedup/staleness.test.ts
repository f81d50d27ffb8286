import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EPOCH_S, every, merge } from './of.ts';
import type { Sample } from './of.ts';

const ended = (interval: number, from: number, to: number): Sample[] => [
  ...every(interval, from, to),
  [to, 'stale'],
];

test('of two replicas that give a series up the last marker stays', () => {
  const merged = merge([ended(15, 0, 150), ended(15, 4, 154)]).split(' ');
  assert.deepEqual(merged.slice(-2), ['135=135', '154=stale']);
});

test('a marker of a replica that comes back at once is dropped where the other went on', () => {
  const merged = merge([[...ended(15, 0, 60), ...every(15, 75, 240)], every(15, 4, 240)]);
  assert.ok(!merged.includes('stale'), merged);
});

test('the marker of a series that one replica alone had there stays', () => {
  const merged = merge([[...ended(15, 0, 60), ...every(15, 600, 720)], every(15, 604, 720)]).split(' ');
  assert.deepEqual(merged.slice(3, 6), ['45=45', '60=stale', '600=600']);
});

test('at the live edge a marker waits until the other replica is overdue', () => {
  assert.ok(!merge([ended(15, 0, 150), every(15, 4, 150)]).includes('stale'));
  assert.ok(merge([ended(15, 0, 150), every(15, 4, 120)]).includes('150=stale'));
});

test('a marker is no live edge where everything has arrived since', () => {
  const replicas = [ended(15, 0, 150), every(15, 4, 150)];
  const until = (seconds: number): string => merge(replicas, { completeUntil: (EPOCH_S + seconds) * 1000 });
  assert.ok(!until(155).includes('stale'));
  assert.ok(until(170).includes('150=stale'));
});

test('`up` is 0 only where no replica reached the target', () => {
  const a = every(15, 0, 240, (s) => (s >= 60 && s < 180 ? 0 : 1));
  const b = every(15, 4, 244, (s) => (s >= 124 && s < 154 ? 0 : 1));
  const down = merge([a, b], { scrapeHealth: true })
    .split(' ')
    .filter((sample) => sample.endsWith('=0'));
  assert.deepEqual(down, ['120=0', '135=0']);
});

test('`up` of a target that fails every second scrape is 0 every second time', () => {
  const flapping = (phase: number): [number, number][] =>
    every(15, phase, 480 + phase, (s) => ((s - phase) % 30 === 0 ? 1 : 0));
  const up = merge([flapping(0), flapping(4)], { scrapeHealth: true }).split(' ');
  assert.deepEqual(up.slice(9, 13), ['135=0', '150=1', '165=0', '180=1']);
  assert.ok(up.length >= 32);
});
