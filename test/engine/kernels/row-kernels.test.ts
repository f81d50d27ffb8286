import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ROW_KERNELS } from '../../../src/engine/kernels/row-kernels.ts';
import { StepRow } from '../../../src/engine/step-row.ts';
import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram } from '../../../src/model/histogram/float-histogram.ts';
import { histogram, rowValues } from './range-support.ts';
import { assertProperty } from '../../support/property.ts';

function run(
  name: string,
  values: readonly (number | FloatHistogram | null)[],
  ...args: readonly number[]
): (number | null)[] {
  const input = new StepRow(values.length);
  values.forEach((value, step) => {
    if (typeof value === 'number') input.setFloat(step, value);
    else if (value !== null) input.setHistogram(step, value);
  });
  const out = new StepRow(values.length);
  ROW_KERNELS[name]!(
    input,
    args.map((arg) => new Float64Array(values.length).fill(arg)),
    out,
  );
  return rowValues(out);
}

test('functions of floats leave gaps and histograms out', () => {
  assert.deepEqual(run('abs', [-1, null, histogram([1]), 2]), [1, null, null, 2]);
});

test('functions of histograms leave gaps and floats out', () => {
  assert.deepEqual(run('histogram_count', [1, null, histogram([1, 2])]), [null, null, 3]);
  assert.deepEqual(run('histogram_sum', [histogram([1, 2])]), [5]);
  assert.deepEqual(run('histogram_avg', [histogram([1, 3])]), [7 / 4]);
});

test('sgn keeps NaN and signed zeros', () => {
  assert.deepEqual(run('sgn', [-3, 4, 0, -0, NaN, Infinity]), [-1, 1, 0, -0, NaN, 1]);
});

test('round solves ties upwards and takes a multiple', () => {
  assert.deepEqual(run('round', [2.5, -2.5, 2.4]), [3, -2, 2]);
  assert.deepEqual(run('round', [7, 8, -7.6], 5), [5, 10, -10]);
  assert.deepEqual(run('round', [1.23], 0.1), [1.2]);
  assert.deepEqual(run('round', [1.23], NaN), [NaN]);
});

test('clamp gives nothing where the bounds cross', () => {
  assert.deepEqual(run('clamp', [1, 5, 9], 2, 6), [2, 5, 6]);
  assert.deepEqual(run('clamp', [1, 5, 9], 6, 2), [null, null, null]);
  assert.deepEqual(run('clamp', [1, 5], NaN, 6), [NaN, NaN]);
});

test('clamp_min and clamp_max hold NaN but for an infinite bound', () => {
  assert.deepEqual(run('clamp_min', [NaN, 1], Infinity), [Infinity, Infinity]);
  assert.deepEqual(run('clamp_max', [NaN, 1, 7], 3), [NaN, 1, 3]);
});

test('date functions agree with Date over four thousand years', () => {
  const times = fc.integer({ min: -62_000_000_000, max: 64_000_000_000 });
  assertProperty(
    fc.property(fc.array(times, { size: 'max', maxLength: 30 }), (seconds) => {
      const dates = seconds.map((s) => new Date(s * 1000));
      const year = (date: Date): number => date.getUTCFullYear();
      const dayOne = (date: Date): number => new Date(date).setUTCMonth(0, 1);
      assert.deepEqual(
        run('minute', seconds),
        dates.map((date) => date.getUTCMinutes()),
      );
      assert.deepEqual(
        run('hour', seconds),
        dates.map((date) => date.getUTCHours()),
      );
      assert.deepEqual(
        run('day_of_week', seconds),
        dates.map((date) => date.getUTCDay()),
      );
      assert.deepEqual(
        run('day_of_month', seconds),
        dates.map((date) => date.getUTCDate()),
      );
      assert.deepEqual(
        run('month', seconds),
        dates.map((date) => date.getUTCMonth() + 1),
      );
      assert.deepEqual(run('year', seconds), dates.map(year));
      const days = dates.map((date) => Math.round((date.getTime() - dayOne(date)) / 86400000) + 1);
      assert.deepEqual(run('day_of_year', seconds), days);
      const inMonth = dates.map((date) => {
        const end = new Date(date);
        end.setUTCMonth(date.getUTCMonth() + 1, 0);
        return end.getUTCDate();
      });
      assert.deepEqual(run('days_in_month', seconds), inMonth);
    }),
    { seed: 3, numRuns: 300 },
  );
});

test('date functions cut fractions towards zero and take what fits no int64 as 2^63', () => {
  assert.deepEqual(run('minute', [-0.5, -60.5]), [0, 59]);
  assert.deepEqual(run('year', [NaN, Infinity, -9e18]), [292277026596, 292277026596, -285198644592]);
  assert.deepEqual(run('day_of_year', [NaN, 1e17]), [339, 250]);
});

test('variance takes the geometric middle of exponential buckets and the arithmetic one of custom buckets', () => {
  const exponential = histogram([2], { sum: 3 });
  assert.deepEqual(run('histogram_stdvar', [exponential]), [(Math.SQRT2 - 1.5) ** 2]);
  const custom = histogram([0, 2], {
    schema: CUSTOM_BUCKETS_SCHEMA,
    customValues: Float64Array.of(1, 3),
    sum: 6,
    count: 2,
  });
  assert.deepEqual(run('histogram_stddev', [custom]), [1]);
});
