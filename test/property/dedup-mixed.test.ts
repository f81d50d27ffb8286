import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Replica } from '../../src/dedup/replica.ts';
import { NO_BUCKETS, NO_CUSTOM_VALUES } from '../../src/model/histogram/float-histogram.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { deduped, identity, replicasOf, scenario, timesOf } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

const ORIGIN = 1_790_000_000_123;

function steady(interval: number, phase: number, from = 0, to = 3_600_000): SampleBuffer {
  const columns = new SampleBuffer();
  for (let t = phase; t < to; t += interval) if (t >= from) columns.push(ORIGIN + t, interval);
  return columns;
}

test('the denser replica wins while it is healthy, whatever its name', () => {
  assertProperty(
    fc.property(
      fc.constantFrom(
        { dense: 15_000, slow: 60_000 },
        { dense: 15_000, slow: 30_000 },
        { dense: 10_000, slow: 15_000 },
        { dense: 30_000, slow: 120_000 },
      ),
      fc.integer({ min: 0, max: 9_999 }),
      fc.integer({ min: 0, max: 29_999 }),
      fc.boolean(),
      ({ dense, slow }, phaseDense, phaseSlow, denseFirst) => {
        const columns = steady(dense, phaseDense);
        const output = deduped([
          { name: denseFirst ? 'a' : 'b', columns },
          { name: denseFirst ? 'b' : 'a', columns: steady(slow, phaseSlow) },
        ]);
        // At the very ends the other may reach further than the denser one.
        const inner = timesOf(output).filter(
          (t) => t >= columns.t[0]! && t <= columns.t[columns.length - 1]!,
        );
        assert.deepEqual(inner, timesOf(columns));
      },
    ),
    { numRuns: 1000, seed: 12 },
  );
});

test('where the denser replica is away the slower one stands in', () => {
  assertProperty(
    fc.property(
      fc.integer({ min: 0, max: 14_999 }),
      fc.integer({ min: 0, max: 59_999 }),
      fc.integer({ min: 600_000, max: 1_800_000 }),
      fc.integer({ min: 200_000, max: 900_000 }),
      (phaseDense, phaseSlow, from, length) => {
        const dense = steady(15_000, phaseDense);
        const gappy = new SampleBuffer();
        for (let i = 0; i < dense.length; i++) {
          const t = dense.t[i]! - ORIGIN;
          if (t < from || t >= from + length) gappy.push(dense.t[i]!, dense.v[i]!);
        }
        const { t, length: count } = deduped([
          { name: 'b', columns: gappy },
          { name: 'a', columns: steady(60_000, phaseSlow) },
        ]);
        assert.ok(t[0]! <= gappy.t[0]! && t[count - 1]! >= gappy.t[gappy.length - 1]!);
        for (let i = 1; i < count; i++) assert.ok(t[i]! - t[i - 1]! <= 90_000);
      },
    ),
    { numRuns: 1000, seed: 13 },
  );
});

test('native histograms are selected like floats', () => {
  assertProperty(
    fc.property(scenario(2, 4), (world) => {
      const replicas = replicasOf(world, identity);
      const histograms = replicas.map((replica) => ({ name: replica.name, columns: asHistograms(replica) }));
      const output = deduped(histograms);
      assert.deepEqual(timesOf(output), timesOf(deduped(replicas)));
      for (let i = 0; i < output.length; i++) assert.equal(output.h!.at(i)!.count, output.t[i]);
    }),
    { numRuns: 1000, seed: 14 },
  );
});

function asHistograms({ columns }: Replica): SampleBuffer {
  const histograms = new SampleBuffer();
  for (let i = 0; i < columns.length; i++)
    histograms.pushHistogram(columns.t[i]!, histogramOf(columns.v[i]!));
  return histograms;
}

function histogramOf(count: number): FloatHistogram {
  return {
    schema: 0,
    resetHint: 0,
    count,
    sum: 1,
    zeroThreshold: 0,
    zeroCount: count,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    customValues: NO_CUSTOM_VALUES,
  };
}
