import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { marginFor, marginNeeded } from '../../src/dedup/margin.ts';
import type { Replica } from '../../src/dedup/replica.ts';
import { SampleBuffer, appendRange } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { randomFrom } from '../truth/random.ts';
import { deduped, identity, replicasOf, scenario, SLOW, timesOf, USUAL } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

test('a choice does not depend on where the query starts or ends', () => {
  assertProperty(
    fc.property(
      scenario(2, 4, USUAL),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (world, x, y) => {
        const replicas = replicasOf({ ...world, scrapes: world.scrapes * 4 }, identity);
        const all = replicas.flatMap(({ columns }) => timesOf(columns)).sort((a, b) => a - b);
        if (all.length === 0) return;
        const span = Math.max(...all) - all[0]!;
        const from = all[0]! + Math.min(x, y) * span;
        const to = all[0]! + Math.max(x, y) * span;
        const margin = marginFor(world.interval);
        const part = replicas.map((replica) => cut(replica, from - margin, to + margin));
        assert.deepEqual(
          timesOf(deduped(part)).filter((t) => t >= from && t <= to),
          timesOf(deduped(replicas)).filter((t) => t >= from && t <= to),
        );
      },
    ),
    { numRuns: 1500, seed: 3 },
  );
});

test('nor does it for slow series, with the margin that a first read shows them to need', () => {
  assertProperty(
    fc.property(
      scenario(2, 3, SLOW),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(30),
      (world, x, length) => {
        const replicas = replicasOf({ ...world, scrapes: world.scrapes * 4 }, identity);
        const all = replicas.flatMap(({ columns }) => timesOf(columns)).sort((a, b) => a - b);
        if (all.length === 0) return;
        const from = all[0]! + x * (all.at(-1) - all[0]!);
        const to = from + length * 0.3 * world.interval;
        const read = (margin: number): Replica[] =>
          replicas.map((replica) => cut(replica, from - margin, to + margin));
        const part = read(Math.max(marginFor(), marginNeeded(read(marginFor()))));
        const within = (t: number): boolean => t >= from && t <= to;
        assert.deepEqual(timesOf(deduped(part)).filter(within), timesOf(deduped(replicas)).filter(within));
      },
    ),
    { numRuns: 1500, seed: 19 },
  );
});

test('nor where replicas of a counter lag behind and it is reset, with the margin that queries take', () => {
  assertProperty(
    fc.property(
      scenario(2, 3, USUAL),
      fc.constantFrom(5000, 10_000, 15_000, 30_000),
      fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fc.integer({ min: 40, max: 600 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (faults, interval, lags, life, x) => {
        const world = { ...faults, interval, scrapes: Math.ceil(7_200_000 / interval) };
        const replicas = world.replicas.map((_, r) => {
          const lag = Math.floor(lags[r]! * interval);
          const whole = replicasOf(world, (t) => (t - lag) % (life * interval))[r]!;
          return keeping(whole, (i) => randomFrom(i * 31 + r * 7 + life)() >= 0.06);
        });
        const all = replicas.flatMap(({ columns }) => timesOf(columns)).sort((a, b) => a - b);
        const margin = marginFor();
        const from = all[0]! + margin + x * 3_600_000;
        const to = from + 20 * interval;
        const part = replicas.map((replica) => cut(replica, from - margin, to + margin));
        const within = (t: number): boolean => t >= from && t <= to;
        assert.deepEqual(timesOf(deduped(part)).filter(within), timesOf(deduped(replicas)).filter(within));
      },
    ),
    { numRuns: 1000, seed: 18 },
  );
});

function keeping({ name, columns }: Replica, isKept: (i: number) => boolean): Replica {
  const kept = new SampleBuffer();
  for (let i = 0; i < columns.length; i++) if (isKept(i)) appendRange(kept, columns, i, i + 1);
  return { name, columns: kept };
}

function cut(replica: Replica, from: number, to: number): Replica {
  return keeping(replica, (i) => within(replica.columns, i, from, to));
}

function within({ t }: SampleColumns, i: number, from: number, to: number): boolean {
  return t[i]! >= from && t[i]! <= to;
}
