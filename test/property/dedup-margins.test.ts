import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Replica } from '../../src/dedup/replica.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import { createSelection } from '../../src/select/create-selection.ts';
import type { Selection } from '../../src/select/selection.ts';
import { KnownIntervals, type Intervals } from '../../src/select/series/known-intervals.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { memoryEndpoint, NEVER, scopeOf } from '../select/support.ts';
import { assertProperty } from '../support/property.ts';
import { FAULTS } from '../truth/faults.ts';
import { randomFrom } from '../truth/random.ts';
import { counterWithResets, ORIGIN_MS, replicas as watchedBy } from '../truth/world.ts';
import { identity, replicasOf, scenario, SLOW, timesOf, USUAL } from './dedup-scenario.ts';

const HOUR = 3_600_000;
const CLOCK = { now: () => 2 * ORIGIN_MS, monotonic: () => 0 };
/** Intervals in ms that a memory may hold by mistake. */
const WRONG = [1000, 15_000, 300_000, 6 * HOUR];

/** A memory that says the same of everything. */
function holding(interval: number): Intervals {
  return { intervalOf: () => interval, saw: () => undefined };
}

function selectionOver(replicas: readonly Replica[], intervals: Intervals): Selection {
  const topology = fixedTopology(
    replicas.map(({ name, columns }) =>
      memoryEndpoint(`${name}:1`, { __replica__: name }, [
        {
          labels: labelsFromRecord({ __name__: 'm', job: 'j' }),
          data: { kind: 'chunks', chunks: encodeColumns(columns) },
        },
      ]),
    ),
  );
  return createSelection({ topology: () => topology, timers: SYSTEM_TIMERS, clock: CLOCK, intervals });
}

/** The samples of a range, bit for bit. */
async function answer(selection: Selection, from: number, to: number): Promise<string> {
  const request = {
    matchers: [{ kind: '=', name: '__name__', value: 'm' }] as const,
    minTime: from,
    maxTime: to,
    hints: { range: 0, func: '' },
  };
  const set = await selection.source(scopeOf()).select(request, NEVER);
  const buffer = new SampleBuffer();
  const samples: string[] = [];
  for (const series of set.series) {
    series.read(buffer);
    const bits = new BigUint64Array(buffer.v.buffer, buffer.v.byteOffset, buffer.length);
    for (let i = 0; i < buffer.length; i++)
      if (buffer.t[i]! >= from && buffer.t[i]! <= to) samples.push(`${buffer.t[i]} ${bits[i]}`);
  }
  return samples.join('\n');
}

/** Reads ranges with a memory that is empty, one that has seen these series, and wrong ones: all like a read of everything. */
async function assertSame(
  replicas: readonly Replica[],
  ranges: readonly (readonly [from: number, to: number])[],
): Promise<void> {
  const all = replicas.flatMap(({ columns }) => timesOf(columns)).sort((a, b) => a - b);
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return;
  const warm = selectionOver(replicas, new KnownIntervals(CLOCK));
  const wrong = WRONG.map(
    (interval) => [`${interval} ms`, selectionOver(replicas, holding(interval))] as const,
  );
  const whole = (await answer(warm, first - HOUR, last + HOUR)).split('\n');
  for (const [from, to] of ranges) {
    const isWithin = (t: number): boolean => t >= from && t <= to;
    const expected = whole.filter((sample) => isWithin(Number.parseInt(sample, 10))).join('\n');
    const cold = selectionOver(replicas, new KnownIntervals(CLOCK));
    for (const [memory, selection] of [
      ['cold', cold],
      ['warm', cold],
      ['long warm', warm],
      ...wrong,
    ] as const)
      assert.equal(await answer(selection, from, to), expected, `${memory}, from ${from} to ${to}`);
  }
}

for (const [fault, { sights, resets = [] }] of Object.entries(FAULTS))
  test(`what is remembered of intervals changes no answer: ${fault}`, async () => {
    const watched = watchedBy(counterWithResets(...resets), HOUR, sights);
    const ranges = Array.from({ length: 12 }, (_, i) => {
      const from = ORIGIN_MS + i * 7 * 41_000;
      return [from, from + (i % 3) * 300_000] as const;
    });
    await assertSame(watched, ranges);
  });

for (const [speed, intervals, numRuns] of [
  ['usual', USUAL, 60],
  ['slow', SLOW, 60],
] as const)
  test(`nor for ${speed} series, whatever the faults`, async () => {
    await assertProperty(
      fc.asyncProperty(scenario(2, 3, intervals), fc.nat(), async (faults, seed) => {
        const world = { ...faults, scrapes: faults.scrapes * 4 };
        const random = randomFrom(seed);
        const span = world.scrapes * world.interval;
        const ranges = Array.from({ length: 6 }, () => {
          const from = Math.round(ORIGIN_MS + random() * span);
          return [from, from + Math.round(random() * 10 * world.interval)] as const;
        });
        await assertSame(replicasOf(world, identity), ranges);
      }),
      { numRuns, seed: 41 },
    );
  });
