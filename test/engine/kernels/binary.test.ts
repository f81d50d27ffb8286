import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scalarBinary } from '../../../src/engine/kernels/binary-floats.ts';
import { type BinaryShape, binaryKernel } from '../../../src/engine/kernels/binary.ts';
import { StepRow } from '../../../src/engine/step-row.ts';
import {
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
  ResetHint,
} from '../../../src/model/histogram/float-histogram.ts';
import { RecordedNotes, histogram, rowValues } from './range-support.ts';

type Value = number | FloatHistogram | null;

function apply(
  op: BinaryShape['op'],
  left: Value,
  right: Value,
  shape: Partial<BinaryShape> = {},
): { row: StepRow; messages: string[] } {
  const notes = new RecordedNotes();
  const row = new StepRow(1);
  binaryKernel({ op, returnBool: false, shows: 'left', ...shape })(rowOf(left), rowOf(right), row, notes);
  return { row, messages: [...notes.messages] };
}

function rowOf(value: Value): StepRow {
  const row = new StepRow(1);
  if (typeof value === 'number') row.setFloat(0, value);
  else if (value !== null) row.setHistogram(0, value);
  return row;
}

function result(
  op: BinaryShape['op'],
  left: Value,
  right: Value,
  shape?: Partial<BinaryShape>,
): number | null {
  const { row, messages } = apply(op, left, right, shape);
  assert.deepEqual(messages, []);
  return rowValues(row)[0]!;
}

test('arithmetic of floats follows Go where JavaScript differs', () => {
  assert.equal(result('^', 1, NaN), 1);
  assert.equal(result('^', -1, -Infinity), 1);
  assert.equal(result('^', 2, NaN), NaN);
  assert.equal(result('^', NaN, 0), 1);
  assert.equal(result('%', -5, 3), -2);
  assert.equal(result('%', 5, 0), NaN);
  assert.equal(result('/', 1, 0), Infinity);
  assert.equal(result('atan2', Infinity, -Infinity), Math.atan2(1, -1));
});

test('an absent side gives nothing', () => {
  assert.equal(result('+', 1, null), null);
  assert.equal(result('==', null, histogram([1])), null);
});

test('comparisons filter the shown side or give 1 and 0', () => {
  assert.equal(result('<', 1, 2), 1);
  assert.equal(result('<', 1, 2, { shows: 'right' }), 2);
  assert.equal(result('>', 1, 2), null);
  assert.equal(result('>', 1, 2, { returnBool: true }), 0);
  assert.equal(result('==', NaN, NaN, { returnBool: true }), 0);
  assert.equal(result('!=', NaN, NaN), NaN);
  assert.equal(scalarBinary('>=')(2, 2), 1);
  assert.equal(scalarBinary('%')(7, 4), 3);
});

test('histograms add, subtract, compare among themselves and scale by floats', () => {
  const [one, two] = [histogram([1, 2]), histogram([3, 2])];
  assert.equal(result('+', one, two), 8);
  const { row } = apply('-', two, one);
  assert.equal(row.h!.at(0)!.count, 2);
  assert.equal(row.h!.at(0)!.resetHint, ResetHint.gauge);
  assert.deepEqual([...row.h!.at(0)!.positive.index], [1], 'empty buckets are gone');
  assert.equal(result('==', one, histogram([1, 2])), 3);
  assert.equal(result('==', one, two), null);
  assert.equal(result('!=', one, two, { returnBool: true }), 1);
  assert.equal(result('*', one, 2), 6);
  assert.equal(result('*', 2, one), 6);
  assert.equal(result('/', one, 2), 1.5);
  assert.equal(result('</', one, 2), 1);
  assert.equal(result('>/', one, 2), 2);
});

test('types that do not go together say so and give nothing', () => {
  const h = histogram([1]);
  const cases: readonly (readonly [BinaryShape['op'], Value, Value, string])[] = [
    ['+', 1, h, '"+": float + histogram'],
    ['/', 1, h, '"/": float / histogram'],
    ['^', h, 2, '"^": histogram ^ float'],
    ['==', h, 1, '"==": histogram == float'],
    ['*', h, h, '"*": histogram * histogram'],
    ['>', h, h, '">": histogram > histogram'],
    ['</', 1, 2, '"</": float </ float'],
    ['>/', 1, h, '">/": float >/ histogram'],
  ];
  for (const [op, left, right, types] of cases) {
    const { row, messages } = apply(op, left, right, { returnBool: op === '==' });
    assert.deepEqual(rowValues(row), [null]);
    const remark = 'PromQL info: incompatible sample types encountered for binary operator';
    assert.deepEqual(messages, [`${remark} ${types}`]);
  }
});

test('bucket layouts that do not go together give a warning', () => {
  const custom = (...bounds: number[]): FloatHistogram =>
    histogram([1], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.from(bounds) });
  const mixed = apply('+', histogram([1]), custom(1));
  assert.deepEqual(rowValues(mixed.row), [null]);
  assert.deepEqual(mixed.messages, [
    'PromQL warning: incompatible bucket layout encountered for binary operator +',
  ]);
  const reconciled = apply('-', custom(1, 2), custom(2));
  assert.deepEqual(rowValues(reconciled.row), [0]);
  assert.deepEqual(reconciled.messages, [
    'PromQL info: mismatched custom buckets were reconciled during subtraction',
  ]);
});

test('histograms that contradict each other on a reset give only a warning', () => {
  const reset = histogram([1], { resetHint: ResetHint.reset });
  const { row, messages } = apply('+', reset, histogram([1], { resetHint: ResetHint.notReset }));
  assert.deepEqual(rowValues(row), [null]);
  assert.deepEqual(messages, ['PromQL warning: conflicting counter resets during histogram addition']);
});
