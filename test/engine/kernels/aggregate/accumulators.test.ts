import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCUMULATORS, type AccumulatedOp } from '../../../../src/engine/kernels/aggregate/accumulators.ts';
import { StepRow } from '../../../../src/engine/step-row.ts';
import {
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
  ResetHint,
} from '../../../../src/model/histogram/float-histogram.ts';
import { RecordedNotes, histogram, rowValues } from '../range-support.ts';

type Value = number | FloatHistogram | null;

function aggregate(
  op: AccumulatedOp,
  values: readonly Value[],
  parameter = NaN,
): { value: number | null; messages: string[] } {
  const notes = new RecordedNotes();
  const accumulator = ACCUMULATORS[op](1, Float64Array.of(parameter));
  for (const value of values) {
    const row = new StepRow(1);
    if (typeof value === 'number') row.setFloat(0, value);
    else if (value !== null) row.setHistogram(0, value);
    accumulator.add(row, 'm', notes);
  }
  const out = new StepRow(1);
  accumulator.write(out, notes);
  return { value: rowValues(out)[0]!, messages: [...notes.messages] };
}

function valueOf(op: AccumulatedOp, values: readonly Value[], parameter?: number): number | null {
  const { value, messages } = aggregate(op, values, parameter);
  assert.deepEqual(messages, []);
  return value;
}

test('steps without samples stay absent', () => {
  for (const op of Object.keys(ACCUMULATORS) as AccumulatedOp[]) assert.equal(valueOf(op, [null]), null, op);
});

test('sum keeps what rounding would lose', () => {
  assert.equal(valueOf('sum', [1e100, 1, -1e100]), 1);
  assert.equal(valueOf('sum', [Infinity, 1]), Infinity);
  assert.equal(valueOf('sum', [Infinity, -Infinity]), NaN);
});

test('avg turns to a running mean where the sum overflows', () => {
  assert.equal(valueOf('avg', [1, 2, 6]), 3);
  assert.equal(valueOf('avg', [1e308, 1e308, 1e308, 1e308]), 1e308);
  assert.equal(valueOf('avg', [-1.7e308, 1.7e308, 1.7e308, -1.7e308]), 0);
  assert.equal(valueOf('avg', [Infinity, 1]), Infinity);
});

test('count and group take samples of any kind', () => {
  assert.equal(valueOf('count', [1, NaN, histogram([1]), null]), 3);
  assert.equal(valueOf('group', [7, histogram([1])]), 1);
});

test('min and max prefer any number to NaN and ignore histograms aloud', () => {
  assert.equal(valueOf('max', [NaN, -3, NaN, -7]), -3);
  assert.equal(valueOf('min', [NaN, -3, -7, NaN]), -7);
  assert.equal(valueOf('min', [NaN, NaN]), NaN);
  assert.deepEqual(aggregate('max', [histogram([1]), 3]), {
    value: 3,
    messages: ['PromQL info: ignored histogram in max aggregation'],
  });
});

test('stdvar and stddev of floats', () => {
  assert.equal(valueOf('stdvar', [1, 2, 3, 4]), 1.25);
  assert.equal(valueOf('stddev', [1, 5]), 2);
  assert.equal(valueOf('stdvar', [1, Infinity]), NaN);
  assert.equal(valueOf('stdvar', [5]), 0);
  assert.deepEqual(aggregate('stdvar', [histogram([1])]), {
    value: null,
    messages: ['PromQL info: ignored histogram in stdvar aggregation'],
  });
});

test('quantile interpolates and counts NaN as smallest', () => {
  assert.equal(valueOf('quantile', [4, 1, 2], 0.5), 2);
  assert.equal(valueOf('quantile', [4, 1], 0.5), 2.5);
  assert.equal(valueOf('quantile', [4, NaN, 1], 0), NaN);
  assert.equal(valueOf('quantile', [4, NaN, 1], 0.5), 1);
  assert.equal(valueOf('quantile', [4], -1), -Infinity);
  assert.equal(valueOf('quantile', [4], 2), Infinity);
});

test('histograms sum and average among themselves', () => {
  assert.equal(valueOf('sum', [histogram([1, 2]), histogram([3])]), 6);
  assert.equal(valueOf('avg', [histogram([1, 2]), histogram([3])]), 3);
});

test('floats beside histograms give a warning and nothing else', () => {
  for (const op of ['sum', 'avg'] as const) {
    for (const values of [
      [1, histogram([1])],
      [histogram([1]), 1],
    ]) {
      assert.deepEqual(aggregate(op, values), {
        value: null,
        messages: ['PromQL warning: encountered a mix of histograms and floats for aggregation'],
      });
    }
  }
});

test('exponential beside custom buckets give a warning with the name, and later floats change nothing', () => {
  const custom = histogram([1], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.of(1) });
  assert.deepEqual(aggregate('sum', [histogram([1]), custom, 1]), {
    value: null,
    messages: [
      'PromQL warning: vector contains a mix of histograms with exponential and custom buckets schemas for metric name "m"',
    ],
  });
});

test('conflicting reset hints and differing custom bounds are remarked on', () => {
  const reset = histogram([1], { resetHint: ResetHint.reset });
  const notReset = histogram([1], { resetHint: ResetHint.notReset });
  assert.deepEqual(aggregate('sum', [reset, notReset]), {
    value: 2,
    messages: ['PromQL warning: conflicting counter resets during histogram aggregation'],
  });
  const bounds = (...values: number[]): FloatHistogram =>
    histogram([1], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.from(values) });
  assert.deepEqual(aggregate('avg', [bounds(1, 2), bounds(2)]), {
    value: 1,
    messages: ['PromQL info: mismatched custom buckets were reconciled during aggregation'],
  });
});
