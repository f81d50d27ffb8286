import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, merge } from './of.ts';
import type { Sample } from './of.ts';

/** Intervals in s and how far apart two replicas scrape. */
const HEALTHY: readonly (readonly [interval: number, ...apart: number[]])[] = [
  [180, 90],
  [210, 105],
  [240, 40, 72, 120],
  [300, 29, 35, 90, 150],
  [600, 180],
  [900, 1, 300, 450],
  [3600, 1200],
  [21_600, 7200],
];

/** The samples of the answer as pairs of seconds and value. */
function merged(replicas: readonly (readonly Sample[])[]): readonly (readonly [number, number])[] {
  return merge(replicas)
    .split(' ')
    .map((sample) => sample.split('=').map(Number) as [number, number]);
}

/** How many samples lie in (to - seconds, to]. */
function countIn(samples: readonly (readonly [number, number])[], seconds: number, to: number): number {
  return samples.filter(([s]) => s > to - seconds && s <= to).length;
}

for (const [interval, ...phases] of HEALTHY)
  for (const apart of phases)
    test(`ten scrapes every ${interval} s of replicas that are ${apart} s apart are ten samples`, () => {
      const a = every(interval, 0, 40 * interval, () => 1);
      const b = every(interval, apart, 40 * interval, () => 1);
      const c = every(interval, apart / 2, 40 * interval, () => 1);
      for (const samples of [merged([a, b]), merged([b, a]), merged([a, b, c])])
        for (let to = 12 * interval; to < 38 * interval; to += 0.3 * interval)
          assert.equal(countIn(samples, 10 * interval, to), 10);
    });

test('healthy replicas of a slow series do not alternate', () => {
  const own = every(300, 0, 9000, () => 1);
  assert.deepEqual(merged([own, every(300, 90, 9000, () => 2)]), own);
});

test('a missed scrape of a slow series is filled by one sample', () => {
  const a = every(300, 0, 9000).filter(([s]) => s !== 3000);
  assert.deepEqual(merged([a, every(300, 90, 9000)]).slice(9, 12), [
    [2700, 2700],
    [3090, 3090],
    [3300, 3300],
  ]);
});

test('an outage of an hourly series costs a seam at each of its edges', () => {
  const a = every(3600, 0, 360_000, () => 1).filter(([s]) => s < 100_000 || s > 140_000);
  const values = merged([a, every(3600, 1200, 360_000, () => 2)]).map(([, value]) => value);
  assert.equal(values.length, 100);
  assert.deepEqual([values.indexOf(2), values.lastIndexOf(2)], [28, 38]);
});

test('a scrape out of turn, as a server takes that came back, doubles nothing', () => {
  const a = every(300, 0, 3000).concat([[2740, 2740]], every(300, 3040, 9000));
  const b = every(300, 90, 9000);
  const samples = merged([a, b]);
  assert.ok(samples.length <= 32, `${samples.length} samples`);
  assert.equal(countIn(samples, 1500, 2600), 5);
  assert.equal(countIn(samples, 1500, 4600), 5);
});

for (const [from, to] of [
  [15, 300],
  [60, 3600],
  [300, 15],
  [3600, 60],
] as const)
  test(`from the hour on in which ${from} s become ${to} s the series is what one replica has`, () => {
    const change = 40 * 3600;
    const a = every(from, 0, change).concat(every(to, change, change + 40 * 3600));
    const b = every(from, 0.3 * from, change).concat(every(to, change + 0.4 * to, change + 40 * 3600));
    const samples = merged([a, b]);
    const far = 4 * Math.max(from, to);
    assert.deepEqual(
      samples.filter(([s]) => s < change - far || s > change + far),
      a.filter(([s]) => s < change - far || s > change + far),
    );
    assert.ok(samples.length <= a.length + 2, `${samples.length - a.length} samples too many`);
  });

test('of a slow series two samples of each replica are enough', () => {
  const a = every(300, 0, 600);
  assert.deepEqual(merged([a, every(300, 90, 600)]), a);
});

test('the first sample of a replica that comes late tells nothing of its interval, the others do', () => {
  const a = every(3600, 0, 72_000);
  assert.deepEqual(merged([a, [[37_200, 1]]]), a);
});

test('the samples of a replica that is away tell nothing of the slow ones', () => {
  const a = every(15, 0, 36_000).filter(([s]) => s < 9000 || s >= 18_000);
  const samples = merged([a, every(300, 40, 36_000), every(300, 120, 36_000)]);
  assert.equal(countIn(samples, 6000, 16_000), 20);
});
