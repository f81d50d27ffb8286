import * as fc from 'fast-check';
import {
  type Buckets,
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
} from '../../src/model/histogram/float-histogram.ts';
import { type SampleColumns, SampleBuffer, copyColumns } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';

/** A float sample, or `stale`: the marker's bits would not survive in an array of numbers. */
const value: fc.Arbitrary<number | 'stale'> = fc.oneof(
  fc.constantFrom<(number | 'stale')[]>(
    'stale',
    NaN,
    0,
    -0,
    Infinity,
    -Infinity,
    1,
    5e-324,
    Number.MAX_VALUE,
  ),
  fc.integer({ min: 0, max: 1000 }),
  fc.double(),
);

/** Steps between samples: regular, jittered, long, enormous. */
const step: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(15_000) },
  fc.integer({ min: 14_990, max: 15_010 }),
  fc.integer({ min: 1, max: 400_000 }),
  fc.integer({ min: 1, max: 10_000_000_000 }),
);

const start: fc.Arbitrary<number> = fc.oneof(
  fc.constant(1_795_348_800_000),
  fc.integer({ min: -(2 ** 40), max: 2 ** 45 }),
);

/** Columns of floats with irregular times and every kind of value. */
export const floatColumns: fc.Arbitrary<SampleColumns> = fc
  .tuple(start, fc.array(fc.tuple(step, value), { maxLength: 300, size: 'max' }))
  .map(([time, samples]) => columnsOf(time, samples));

/** Columns of histograms, with floats and stale markers in between. */
export function histogramColumns(integers: boolean): fc.Arbitrary<SampleColumns> {
  const sample = fc.oneof({ weight: 6, arbitrary: histogram(integers) }, { weight: 1, arbitrary: value });
  // Equal histograms in a row are how series of histograms look; alone they would make a chunk a sample.
  const run = fc.tuple(step, sample, fc.integer({ min: 1, max: 5 }));
  return fc.tuple(start, fc.array(run, { maxLength: 20, size: 'max' })).map(([time, runs]) =>
    columnsOf(
      time,
      runs.flatMap(([step, sample, times]) => Array.from({ length: times }, () => [step, sample] as const)),
    ),
  );
}

function histogram(integers: boolean): fc.Arbitrary<FloatHistogram> {
  const count = integers ? fc.nat({ max: 1_000_000 }) : fc.double({ min: 0, noNaN: true });
  const common = { count, sum: fc.double(), resetHint: fc.constantFrom(...Object.values(ResetHint)) };
  const exponential = fc.record({
    ...common,
    schema: fc.integer({ min: -4, max: 8 }),
    zeroThreshold: fc.oneof(
      fc.constantFrom(0, 2 ** -128, 2 ** -243, 1024, 0.3),
      fc.double({ min: 0, noNaN: true }),
    ),
    zeroCount: count,
    positive: buckets(count, -1000),
    negative: buckets(count, -1000),
    customValues: fc.constant(NO_CUSTOM_VALUES),
  });
  const custom = fc.record({
    ...common,
    schema: fc.constant(CUSTOM_BUCKETS_SCHEMA),
    zeroThreshold: fc.constant(0),
    zeroCount: fc.constant(0),
    positive: buckets(count, 0, 10),
    negative: fc.constant(NO_BUCKETS),
    customValues: fc
      .tuple(fc.double({ min: -10, max: 1, noNaN: true }), fc.constantFrom(0.005, 1))
      .map(([first, width]) => Float64Array.from({ length: 11 }, (_, i) => first + i * width)),
  });
  return fc.oneof({ weight: 3, arbitrary: exponential }, custom);
}

function buckets(count: fc.Arbitrary<number>, min: number, max = 1000): fc.Arbitrary<Buckets> {
  const entry = fc.tuple(fc.integer({ min, max }), count);
  return fc.uniqueArray(entry, { maxLength: 8, selector: ([index]) => index }).map((entries) => {
    entries.sort(([a], [b]) => a - b);
    return {
      index: Int32Array.from(entries, ([index]) => index),
      count: Float64Array.from(entries, ([, count]) => count),
    };
  });
}

type Sample = readonly [step: number, value: number | 'stale' | FloatHistogram];

function columnsOf(start: number, samples: readonly Sample[]): SampleColumns {
  const buffer = new SampleBuffer();
  let time = start;
  for (const [step, value] of samples) {
    time += step;
    if (typeof value === 'object') buffer.pushHistogram(time, value);
    else buffer.push(time, value === 'stale' ? STALE_NAN : value);
  }
  return copyColumns(buffer);
}
