import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCount, checkQuantile, checkRatio } from '../../../../src/engine/kernels/aggregate/parameter.ts';
import { RecordedNotes, histogram } from '../range-support.ts';
import { countValuesLabel } from '../../../../src/engine/operators/aggregate/count-values.ts';

function notesOf(check: (notes: RecordedNotes) => void): string[] {
  const notes = new RecordedNotes();
  check(notes);
  return [...notes.messages];
}

test('quantiles outside of 0 to 1 are named: NaN, the greatest and the least', () => {
  const q = Float64Array.of(0.5, -2, 3, -1, 2);
  assert.deepEqual(
    notesOf((notes) => checkQuantile(q, notes)),
    [
      'PromQL warning: quantile value should be between 0 and 1, got 3',
      'PromQL warning: quantile value should be between 0 and 1, got -2',
    ],
  );
  assert.deepEqual(
    notesOf((notes) => checkQuantile(Float64Array.of(NaN), notes)),
    ['PromQL warning: quantile value should be between 0 and 1, got NaN'],
  );
});

test('k selects nothing below 1 and must fit an int64', () => {
  assert.equal(checkCount(Float64Array.of(0, 0.9)), false);
  assert.equal(checkCount(Float64Array.of(0, 2)), true);
  assert.throws(() => checkCount(Float64Array.of(NaN)), {
    kind: 'execution',
    message: 'Parameter value is NaN',
  });
  assert.throws(() => checkCount(Float64Array.of(1e19)), { message: 'Scalar value 1e+19 overflows int64' });
  assert.throws(() => checkCount(Float64Array.of(2, -1e19)), {
    message: 'Scalar value -1e+19 underflows int64',
  });
});

test('r beyond 1 is capped aloud', () => {
  const notes = new RecordedNotes();
  assert.equal(checkRatio(Float64Array.of(0, 0), notes), false);
  assert.equal(checkRatio(Float64Array.of(-1.5, 1.1), notes), true);
  assert.deepEqual(
    [...notes.messages],
    [
      'PromQL warning: ratio value should be between -1 and 1, got 1.1, capping to 1',
      'PromQL warning: ratio value should be between -1 and 1, got -1.5, capping to -1',
    ],
  );
  assert.throws(() => checkRatio(Float64Array.of(NaN), notes), { message: 'Ratio value is NaN' });
});

test('count_values writes numbers without exponent', () => {
  assert.equal(countValuesLabel(1.5e22, undefined), '15000000000000000000000');
  assert.equal(countValuesLabel(-2.5e-8, undefined), '-0.000000025');
  assert.equal(countValuesLabel(-0, undefined), '-0');
  assert.equal(countValuesLabel(-Infinity, undefined), '-Inf');
  assert.equal(countValuesLabel(0.1, undefined), '0.1');
  assert.equal(countValuesLabel(0, histogram([1])), '{count:1, sum:1, (1,2]:1}');
});
