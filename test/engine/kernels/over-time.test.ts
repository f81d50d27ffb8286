import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RANGE_KERNELS } from '../../../src/engine/kernels/range-kernels.ts';
import type { FloatHistogram } from '../../../src/model/histogram/float-histogram.ts';
import { type Point, histogram, rangeInput, rowValues, runKernel, runRange } from './range-support.ts';

/** One window (0 s, 60 s] after `offset` seconds. */
const minute = { startSeconds: 60, stepSeconds: 60, steps: 1, rangeSeconds: 60 };

function one(
  name: string,
  points: readonly Point[],
): { value: number | null; said: string[]; h: FloatHistogram | undefined } {
  const { row, notes } = runKernel(RANGE_KERNELS[name]!, rangeInput(points, minute));
  return { value: rowValues(row)[0]!, said: [...notes.messages], h: row.h?.at(0) };
}

const H1 = histogram([1, 2]);
const H2 = histogram([3, 3]);

test('functions of floats pass over histograms and say so', () => {
  const ignored =
    'PromQL info: ignored histograms in a range containing both floats and histograms for metric name "m_total"';
  const points: Point[] = [
    [10, 4],
    [20, H1],
    [30, 6],
    [40, H2],
    [50, 5],
  ];
  const expected = { max_over_time: 6, min_over_time: 4, stdvar_over_time: 2 / 3, ts_of_max_over_time: 30 };
  for (const [name, value] of Object.entries(expected)) {
    const got = one(name, points);
    assert.deepEqual(got.said, [ignored], name);
    assert.ok(Math.abs(got.value! - value) < 1e-12, name);
  }
  assert.deepEqual(
    one('deriv', [
      [10, 4],
      [20, H1],
    ]),
    { value: null, said: [ignored], h: undefined },
  );
  assert.deepEqual(one('max_over_time', [[10, H1]]), { value: null, said: [], h: undefined });
});

test('functions of any kind take histograms as they are', () => {
  const points: Point[] = [
    [10, H1],
    [20, 4],
    [30, H2],
    [40, H2],
  ];
  assert.equal(one('count_over_time', points).value, 4);
  assert.equal(one('first_over_time', points).value, H1.count);
  assert.equal(one('last_over_time', points).value, H2.count);
  assert.equal(one('changes', points).value, 2);
  assert.equal(one('resets', points).value, 2);
  assert.equal(one('ts_of_first_over_time', points).value, 10);
  assert.equal(
    one('sum_over_time', [
      [10, H1],
      [20, H2],
    ]).value,
    9,
  );
  assert.equal(
    one('avg_over_time', [
      [10, H1],
      [20, H2],
    ]).value,
    4.5,
  );
});

test('smoothing factors must lie between 0 and 1', () => {
  const smooth = (smoothing: number, trend: number): (number | null)[] =>
    runRange(
      'double_exponential_smoothing',
      [
        [10, 1],
        [20, 2],
        [30, 3],
      ],
      { ...minute, args: [smoothing, trend] },
    );
  assert.deepEqual(smooth(0.5, 0.5), [3]);
  assert.throws(() => smooth(0, 0.5), {
    kind: 'execution',
    message: 'invalid smoothing factor. Expected: 0 < sf < 1, got: 0.000000',
  });
  assert.throws(() => smooth(-1e22, 0.5), {
    message: 'invalid smoothing factor. Expected: 0 < sf < 1, got: -10000000000000000000000.000000',
  });
  assert.throws(() => smooth(0.5, 1), {
    message: 'invalid trend factor. Expected: 0 < tf < 1, got: 1.000000',
  });
});

test('predict_linear goes from the evaluation time on', () => {
  const input = { ...minute, args: [600] };
  assert.deepEqual(
    runRange(
      'predict_linear',
      [
        [10, 1],
        [20, 2],
        [30, 3],
      ],
      input,
    ),
    [66],
  );
  assert.deepEqual(
    runRange(
      'predict_linear',
      [
        [10, 7],
        [20, 7],
      ],
      input,
    ),
    [7],
  );
  assert.deepEqual(
    runRange(
      'deriv',
      [
        [10, Infinity],
        [20, Infinity],
      ],
      input,
    ),
    [NaN],
  );
});

test('sums keep what rounding would lose, averages survive overflow', () => {
  assert.deepEqual(
    runRange(
      'sum_over_time',
      [
        [10, 1e100],
        [20, 1],
        [30, -1e100],
      ],
      minute,
    ),
    [1],
  );
  assert.deepEqual(
    runRange(
      'sum_over_time',
      [
        [10, Infinity],
        [20, 1],
      ],
      minute,
    ),
    [Infinity],
  );
  assert.deepEqual(
    runRange(
      'avg_over_time',
      [
        [10, 1e308],
        [20, 1e308],
        [30, 1e308],
        [40, 1e308],
      ],
      minute,
    ),
    [1e308],
  );
});

test('an invalid quantile is warned of', () => {
  const input = rangeInput(
    [
      [10, 1],
      [20, 2],
    ],
    { ...minute, args: [1.5] },
  );
  const { row, notes } = runKernel(RANGE_KERNELS['quantile_over_time']!, input);
  assert.deepEqual(rowValues(row), [Infinity]);
  assert.deepEqual(
    [...notes.messages],
    ['PromQL warning: quantile value should be between 0 and 1, got 1.5'],
  );
});
