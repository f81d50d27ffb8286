import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkCount,
  checkQuantile,
  checkRatio,
  extentOf,
  type Extent,
} from '../../../../src/engine/kernels/aggregate/parameter.ts';
import { NO_PAUSE } from '../../../support/pace.ts';
import { RecordedNotes, histogram } from '../range-support.ts';
import { countValuesLabel } from '../../../../src/engine/operators/aggregate/count-values.ts';

function over(...parameter: readonly number[]): Promise<Extent> {
  return extentOf(Float64Array.from(parameter), NO_PAUSE);
}

function notesOf(check: (notes: RecordedNotes) => void): string[] {
  const notes = new RecordedNotes();
  check(notes);
  return [...notes.messages];
}

test('quantiles outside of 0 to 1 are named: NaN, the greatest and the least', async () => {
  const q = await over(0.5, -2, 3, -1, 2);
  const none = await over(NaN);
  assert.deepEqual(
    notesOf((notes) => checkQuantile(q, notes)),
    [
      'PromQL warning: quantile value should be between 0 and 1, got 3',
      'PromQL warning: quantile value should be between 0 and 1, got -2',
    ],
  );
  assert.deepEqual(
    notesOf((notes) => checkQuantile(none, notes)),
    ['PromQL warning: quantile value should be between 0 and 1, got NaN'],
  );
});

test('k selects nothing below 1 and must fit an int64', async () => {
  assert.equal(checkCount(await over(0, 0.9)), false);
  assert.equal(checkCount(await over(0, 2)), true);
  await assert.rejects(async () => checkCount(await over(NaN)), {
    kind: 'execution',
    message: 'Parameter value is NaN',
  });
  await assert.rejects(async () => checkCount(await over(1e19)), {
    message: 'Scalar value 1e+19 overflows int64',
  });
  await assert.rejects(async () => checkCount(await over(2, -1e19)), {
    message: 'Scalar value -1e+19 underflows int64',
  });
});

test('r beyond 1 is capped aloud', async () => {
  const notes = new RecordedNotes();
  assert.equal(checkRatio(await over(0, 0), notes), false);
  assert.equal(checkRatio(await over(-1.5, 1.1), notes), true);
  assert.deepEqual(
    [...notes.messages],
    [
      'PromQL warning: ratio value should be between -1 and 1, got 1.1, capping to 1',
      'PromQL warning: ratio value should be between -1 and 1, got -1.5, capping to -1',
    ],
  );
  await assert.rejects(async () => checkRatio(await over(NaN), notes), { message: 'Ratio value is NaN' });
});

test('count_values writes numbers without exponent', async () => {
  assert.equal(countValuesLabel(1.5e22, undefined), '15000000000000000000000');
  assert.equal(countValuesLabel(-2.5e-8, undefined), '-0.000000025');
  assert.equal(countValuesLabel(-0, undefined), '-0');
  assert.equal(countValuesLabel(-Infinity, undefined), '-Inf');
  assert.equal(countValuesLabel(0.1, undefined), '0.1');
  assert.equal(countValuesLabel(0, histogram([1])), '{count:1, sum:1, (1,2]:1}');
});
