import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Replica } from '../../src/dedup/replica.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { deduped, replicasOf, scenario } from './dedup-scenario.ts';
import type { Scenario } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

const EPOCH = 1e9;
const EPOCHS = 8;

/**
 * A counter that is lower in every process than in the one before, however long nobody looked; so of any two of its
 * samples it can be told which is older, and whether a reset lies between them.
 */
function counterSince(world: Scenario, from: number): (t: number) => number {
  const life = Math.max(world.scrapes / 3.3, 20) * world.interval;
  return (t) => {
    const epoch = Math.floor((t - from) / life) + 1;
    return (EPOCHS - epoch) * EPOCH + EPOCH / 2 + Math.floor((t - from) / 100);
  };
}

function watched(world: Scenario, lags: readonly number[]): Replica[] {
  const times = replicasOf(world, (t) => t);
  const first = Math.min(...times.map(({ columns }) => columns.t[0] ?? Number.POSITIVE_INFINITY));
  const truth = counterSince(world, first - 10 * world.interval);
  return times.map(({ name, columns }, r) => {
    const seen = new SampleBuffer();
    for (let i = 0; i < columns.length; i++) {
      const t = columns.t[i]!;
      seen.push(t, truth(t - (lags[r] ?? 0) * world.interval));
    }
    return { name, columns: seen };
  });
}

/** The output may fall only into the next process, and never come back to the one before. */
function assertCounter(output: SampleBuffer, from = 1): void {
  for (let i = from; i < output.length; i++) {
    const [before, after] = [output.v[i - 1]!, output.v[i]!];
    const [old, young] = [Math.floor(before / EPOCH), Math.floor(after / EPOCH)];
    assert.ok(young <= old, `the reset before sample ${i} is undone`);
    if (young === old)
      assert.ok(after >= before, `sample ${i} falls from ${before} to ${after} without a reset`);
  }
}

test('replicas in step: falls are resets, and every reset is a fall', () => {
  assertProperty(
    fc.property(scenario(1, 4), (world) => {
      const replicas = watched(world, []);
      const output = deduped(replicas);
      assertCounter(output);
      const epochs = (columns: { v: Float64Array; length: number }): number[] =>
        [...columns.v.subarray(0, columns.length)].map((v) => Math.floor(v / EPOCH));
      const shown = new Set(epochs(output));
      for (const { columns } of replicas) {
        const seen = epochs(columns);
        // A process that a replica saw three times in a row is not passed over.
        seen.forEach((epoch, i) => {
          if (epoch === seen[i + 1] && epoch === seen[i + 2])
            assert.ok(shown.has(epoch), `process ${epoch} is hidden`);
        });
      }
    }),
    { numRuns: 2000, seed: 4 },
  );
});

/** Outages with enough samples around them to tell a counter from a gauge. */
const outage = fc.record({
  phase: fc.double({ min: 0, max: 0.999, noNaN: true }),
  outages: fc.array(
    fc.record({ at: fc.constantFrom(0.1, 0.3, 0.5, 0.7, 0.85), scrapes: fc.integer({ min: 1, max: 25 }) }),
    { maxLength: 3 },
  ),
  missEvery: fc.constant(0),
  jitterSeed: fc.nat(),
});

test('a replica that lags behind adds no reset and undoes none', () => {
  assertProperty(
    fc.property(
      fc.record({
        interval: fc.constantFrom(1000, 15_000, 60_000, 300_000, 3_600_000),
        scrapes: fc.constant(200),
        replicas: fc.array(outage, { minLength: 2, maxLength: 2 }),
      }),
      fc.array(fc.double({ min: 0, max: 1.4, noNaN: true }), { minLength: 2, maxLength: 2 }),
      (world, lags) => {
        // The very first sample may stand alone before a seam, and one sample alone shows no counter.
        assertCounter(deduped(watched(world, lags)), 2);
      },
    ),
    { numRuns: 1500, seed: 5 },
  );
});
