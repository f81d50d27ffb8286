import * as fc from 'fast-check';
import type { Replica } from '../../src/dedup/replica.ts';
import { dedupe } from '../../src/dedup/dedupe.ts';
import type { DedupOptions } from '../../src/dedup/dedupe.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';

/** A time that is no multiple of anything, so that windows start anywhere in the data. */
const ORIGIN = 1_790_000_000_123;

/** Timestamps are late by less than this, ms. */
export const JITTER_MS = 5;

/** Scrape intervals in ms: usual ones, and those of slow exporters. */
export const USUAL: readonly number[] = [1000, 5000, 10_000, 15_000, 30_000, 60_000];
export const SLOW: readonly number[] = [240_000, 300_000, 600_000, 3_600_000, 21_600_000];

export interface ReplicaFault {
  /** Share of the interval by which the scrapes come later than the first replica's. */
  readonly phase: number;
  /** Scrapes that are missing: from a share of the time on, for a number of scrapes. */
  readonly outages: readonly { readonly at: number; readonly scrapes: number }[];
  /** Every n-th scrape is missed; 0 for none. */
  readonly missEvery: number;
  readonly jitterSeed: number;
}

export interface Scenario {
  /** ms. */
  readonly interval: number;
  readonly scrapes: number;
  readonly replicas: readonly ReplicaFault[];
}

const fault: fc.Arbitrary<ReplicaFault> = fc.record({
  phase: fc.double({ min: 0, max: 0.999, noNaN: true }),
  outages: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      scrapes: fc.oneof(fc.constant(1), fc.nat(40)),
    }),
    { maxLength: 4 },
  ),
  missEvery: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) },
  ),
  jitterSeed: fc.nat(),
});

export function scenario(
  minReplicas: number,
  maxReplicas: number,
  intervals: readonly number[] = [...USUAL, ...SLOW],
): fc.Arbitrary<Scenario> {
  return fc.record({
    interval: fc.constantFrom(...intervals),
    scrapes: fc.integer({ min: 5, max: 160 }),
    replicas: fc.array(fault, { minLength: minReplicas, maxLength: maxReplicas }),
  });
}

/** The scrape times of one replica, ms, ascending. */
export function scrapeTimes({ interval, scrapes }: Scenario, replica: ReplicaFault): number[] {
  const times: number[] = [];
  for (let k = 0; k < scrapes; k++) {
    const missed =
      (replica.missEvery > 0 && k % replica.missEvery === 0) ||
      replica.outages.some(({ at, scrapes: n }) => k >= at * scrapes && k < at * scrapes + n);
    if (missed) continue;
    const late = Math.imul(replica.jitterSeed + k, 0x9e3779b1) >>> 0;
    times.push(
      ORIGIN + Math.round(k * interval + replica.phase * interval) + (late % 10 === 0 ? late % JITTER_MS : 0),
    );
  }
  return times;
}

/** Every replica's samples of a signal, named a, b, c …. */
export function replicasOf(world: Scenario, signal: (t: number) => number): Replica[] {
  return world.replicas.map((replica, i) => {
    const columns = new SampleBuffer();
    for (const t of scrapeTimes(world, replica)) columns.push(t, signal(t));
    return { name: String.fromCodePoint(97 + i), columns };
  });
}

/** A different value for every millisecond, so that equal values mean the same sample. */
export function identity(t: number): number {
  return t;
}

export function deduped(replicas: readonly Replica[], options?: DedupOptions): SampleBuffer {
  const target = new SampleBuffer();
  dedupe(replicas, target, options);
  return target;
}

export function timesOf({ t, length }: SampleColumns): number[] {
  return [...t.subarray(0, length)];
}

export function median(sorted: readonly number[]): number {
  return sorted[(sorted.length - 1) >>> 1]!;
}

export function medianSpacingOf(times: readonly number[]): number {
  return median(
    times
      .slice(1)
      .map((t, i) => t - times[i]!)
      .sort((a, b) => a - b),
  );
}
