import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  deduped,
  identity,
  JITTER_MS,
  medianSpacingOf,
  replicasOf,
  scenario,
  timesOf,
} from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

const RUNS = { numRuns: 1500, seed: 1 };

/** Signals in which nothing may be taken for a counter that lags: a hole would be the price. */
const SIGNALS: Readonly<Record<string, (t: number, interval: number) => number>> = {
  'a counter': identity,
  'a gauge': (t) => Math.sin(t / 60_000),
  noise: (t) => (Math.sin(t) * 1e5) % 1,
  steps: (t, interval) => Math.floor(t / Math.max(100_000, 2.5 * interval)) % 7,
};

for (const [name, signal] of Object.entries(SIGNALS)) {
  test(`wherever a replica has samples of ${name} the output has no hole longer than 1.5 of its intervals`, () => {
    assertProperty(
      fc.property(scenario(1, 5), (world) => {
        const replicas = replicasOf(world, (t) => signal(t, world.interval));
        const output = timesOf(deduped(replicas));
        const edges = [Number.NEGATIVE_INFINITY, ...output, Number.POSITIVE_INFINITY];
        for (const { columns } of replicas) {
          const times = timesOf(columns);
          if (times.length < 4) continue;
          const interval = medianSpacingOf(times);
          // Three samples alone do not show their interval.
          for (const [from, to] of runs(times, 1.5 * interval).filter(([, , count]) => count > 3)) {
            for (let i = 1; i < edges.length; i++) {
              const hole = Math.min(edges[i]!, to) - Math.max(edges[i - 1]!, from);
              assert.ok(
                hole <= 1.5 * interval + 3 * JITTER_MS,
                `${hole} ms without a sample behind ${edges[i - 1]}`,
              );
            }
          }
        }
      }),
      RUNS,
    );
  });
}

test('the output starts and ends within half an interval of the oldest and newest sample of any replica', () => {
  assertProperty(
    fc.property(scenario(1, 5), (world) => {
      const replicas = replicasOf(world, identity);
      const output = timesOf(deduped(replicas));
      for (const { columns } of replicas) {
        const stretches = runs(timesOf(columns), 1.5 * world.interval).filter(([, , count]) => count > 3);
        for (const [from, to] of stretches) {
          assert.ok((output.at(-1) ?? Number.NaN) >= to - world.interval / 2 - JITTER_MS);
          assert.ok(output[0]! <= from + world.interval / 2 + JITTER_MS);
        }
      }
    }),
    RUNS,
  );
});

/** Stretches of samples that follow each other within `limit` ms. */
function runs(times: readonly number[], limit: number): [from: number, to: number, count: number][] {
  const found: [number, number, number][] = [];
  for (const t of times) {
    const last = found.at(-1);
    if (last !== undefined && t - last[1] <= limit) {
      last[1] = t;
      last[2]++;
    } else found.push([t, t, 1]);
  }
  return found;
}
