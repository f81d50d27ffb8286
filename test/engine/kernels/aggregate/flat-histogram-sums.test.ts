import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ACCUMULATORS } from '../../../../src/engine/kernels/aggregate/accumulators.ts';
import { StepRow } from '../../../../src/engine/step-row.ts';
import { compactHistogram } from '../../../../src/model/histogram/compact.ts';
import { type FloatHistogram, ResetHint } from '../../../../src/model/histogram/float-histogram.ts';
import { HistogramMean } from '../../../../src/model/histogram/histogram-mean.ts';
import { HistogramSum } from '../../../../src/model/histogram/histogram-sum.ts';
import { arbitraryCustom, arbitraryExponential, asRecord, exponential } from '../../../support/histograms.ts';
import { assertProperty } from '../../../support/property.ts';
import { RecordedNotes } from '../range-support.ts';

/** Numbers whose sums are rounded, cancel each other out, or overflow. */
const number = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1e100, -1e100, 0.1) },
);
const huge = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(1.7e308, -1.7e308, Infinity, -Infinity, NaN) },
);

/** Histograms of one resolution that differ in their buckets, as those of several series do. */
function alike(value: fc.Arbitrary<number>): fc.Arbitrary<FloatHistogram> {
  const side = fc.dictionary(fc.integer({ min: -6, max: 6 }).map(String), value, { maxKeys: 8 });
  return fc
    .record({
      schema: fc.constant(2),
      zeroThreshold: fc.constant(2 ** -128),
      sum: value,
      zeroCount: value,
      positive: side,
      negative: side,
      resetHint: fc.constantFrom(...Object.values(ResetHint)),
    })
    .map(exponential);
}

const KINDS = {
  'alike but for their buckets': alike(number),
  'alike, with numbers that overflow': alike(huge),
  'of every layout': fc.oneof(alike(number), arbitraryExponential),
  'with custom bounds': arbitraryCustom,
} as const;

describe('histograms at several steps are summed up as one by one:', () => {
  for (const op of ['sum', 'avg'] as const)
    for (const [name, histogram] of Object.entries(KINDS))
      it(`${op} of some ${name}`, () => {
        // A row a series, and a histogram or none a step.
        const row = fc.array(fc.option(histogram, { freq: 5 }), { minLength: 3, maxLength: 3 });
        assertProperty(
          fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
            const accumulator = ACCUMULATORS[op](3, new Float64Array(0));
            const notes = new RecordedNotes();
            for (const each of rows) accumulator.add(rowOf(each), 'm', notes);
            const out = new StepRow(3);
            accumulator.write(out, notes);
            for (let step = 0; step < 3; step++) {
              const summands = rows.flatMap((each) => each[step] ?? []);
              const expected = op === 'sum' ? sumOf(summands) : meanOf(summands);
              const got = out.h?.at(step);
              assert.deepEqual(got && asRecord(got), expected && asRecord(expected));
            }
          }),
          { seed: 31, numRuns: 400 },
        );
      });
});

function rowOf(histograms: readonly (FloatHistogram | null)[]): StepRow {
  const row = new StepRow(histograms.length);
  for (const [step, h] of histograms.entries()) if (h !== null) row.setHistogram(step, h);
  return row;
}

function sumOf([first, ...rest]: readonly FloatHistogram[]): FloatHistogram | undefined {
  if (first === undefined) return undefined;
  const sum = new HistogramSum(first);
  for (const h of rest) sum.add(h);
  return compactHistogram(sum.value());
}

function meanOf([first, ...rest]: readonly FloatHistogram[]): FloatHistogram | undefined {
  if (first === undefined) return undefined;
  const mean = new HistogramMean(first);
  for (const h of rest) mean.add(h);
  return compactHistogram(mean.value());
}
