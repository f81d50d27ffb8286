import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RANGE_KERNELS } from '../../../src/engine/kernels/range-kernels.ts';
import {
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
  ResetHint,
} from '../../../src/model/histogram/float-histogram.ts';
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

test('a rate reaches both edges where samples are near them', () => {
  assert.equal(
    runRange(
      'increase',
      [
        [10, 100],
        [30, 120],
        [50, 140],
      ],
      minute,
    )[0],
    60,
  );
  assert.equal(
    runRange(
      'rate',
      [
        [10, 100],
        [30, 120],
        [50, 140],
      ],
      minute,
    )[0],
    1,
  );
});

test('far edges are reached by half an interval, and never below zero', () => {
  assert.equal(
    runRange(
      'increase',
      [
        [30, 100],
        [40, 110],
        [50, 120],
      ],
      minute,
    )[0],
    35,
  );
  assert.equal(
    runRange(
      'increase',
      [
        [30, 1],
        [40, 11],
        [50, 21],
      ],
      minute,
    )[0],
    31,
  );
  assert.equal(
    runRange(
      'delta',
      [
        [30, 1],
        [40, 11],
        [50, 21],
      ],
      minute,
    )[0],
    35,
  );
});

test('each reset in the window adds what was counted before it', () => {
  assert.equal(
    runRange(
      'increase',
      [
        [0.001, 5],
        [20, 8],
        [40, 2],
        [60, 4],
      ],
      minute,
    )[0],
    (7 * 60) / 59.999,
  );
  assert.equal(
    runRange(
      'resets',
      [
        [10, 5],
        [20, 8],
        [40, 2],
        [60, 1],
      ],
      minute,
    )[0],
    2,
  );
});

test('one sample alone gives nothing without a start timestamp in the window', () => {
  assert.deepEqual(one('rate', [[30, 7]]).value, null);
  assert.equal(one('increase', [[30, 7, 10]]).value, 7 * 1);
});

test('a start timestamp inside the window is where counting began', () => {
  assert.equal(
    one('increase', [
      [20, 5, 10],
      [40, 9, 10],
      [60, 13, 10],
    ]).value,
    13,
  );
});

test('a new start timestamp is a reset even where the value rises', () => {
  const points: Point[] = [
    [20, 5, -100],
    [40, 9, 30],
    [60, 13, 30],
  ];
  const input = { ...minute, startSeconds: 60 };
  assert.equal(runRange('resets', points, input)[0], 1);
  assert.equal(runRange('irate', points.slice(0, 2), input)[0], 9 / 20);
  assert.equal(runRange('irate', points, input)[0], 4 / 20);
});

test('overlapping start timestamps are warned of, with the number of windows', () => {
  const points: Point[] = [
    [20, 5, 1],
    [40, 9, 10],
    [60, 13, 10],
    [80, 14, 10],
  ];
  const { notes } = runKernel(
    RANGE_KERNELS['rate']!,
    rangeInput(points, { ...minute, steps: 2, stepSeconds: 10 }),
  );
  const message =
    'PromQL warning: sample has start time that overlaps with previous sample timestamp for metric "m_total"';
  assert.deepEqual([...notes.counts], [[message, 2]]);
});

const H1 = histogram([1, 2]);
const H2 = histogram([3, 3]);

test('histograms rise bucket by bucket, and a reset adds what was before', () => {
  const rise = one('increase', [
    [20, H1],
    [40, H2],
    [60, histogram([5, 5])],
  ]);
  assert.equal(rise.value, 7 * ((40 + (3 / 7) * 40) / 40), 'down to the zero of the count');
  assert.equal(rise.h!.resetHint, ResetHint.gauge);
  assert.equal(
    one('increase', [
      [0.001, H2],
      [40, H1],
      [60, H2],
    ]).value!.toFixed(6),
    (6.0001).toFixed(6),
  );
});

test('a first histogram before a reset is let go, whatever its buckets', () => {
  const custom = histogram([1], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.of(1) });
  const { value, said } = one('increase', [
    [20, custom],
    [40, H1],
    [60, H2],
  ]);
  assert.deepEqual(said, []);
  assert.equal(value! > 6, true);
});

test('bucket kinds that mix, and floats beside histograms, give a warning', () => {
  const custom = histogram([1], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.of(1) });
  const mixedBuckets =
    'PromQL warning: vector contains a mix of histograms with exponential and custom buckets schemas for metric name "m_total"';
  for (const name of ['rate', 'delta', 'idelta', 'sum_over_time', 'avg_over_time']) {
    const gauge = { resetHint: ResetHint.gauge };
    const { value, said } = one(name, [
      [20, { ...custom, ...gauge }],
      [60, { ...H1, ...gauge }],
    ]);
    if (name === 'rate') continue;
    assert.deepEqual([value, said], [null, [mixedBuckets]], name);
  }
  const mixed = 'PromQL warning: encountered a mix of histograms and floats for metric name "m_total"';
  for (const name of ['rate', 'increase', 'delta', 'irate', 'idelta', 'sum_over_time', 'avg_over_time']) {
    assert.deepEqual(
      one(name, [
        [20, 1],
        [60, H1],
      ]),
      { value: null, said: [mixed], h: undefined },
      name,
    );
  }
});

test('gauges in a rate and counters in a delta are warned of', () => {
  const gauge = (h: FloatHistogram): FloatHistogram => ({ ...h, resetHint: ResetHint.gauge });
  const notCounter = 'PromQL warning: this native histogram metric is not a counter: "m_total"';
  const notGauge = 'PromQL warning: this native histogram metric is not a gauge: "m_total"';
  assert.deepEqual(
    one('rate', [
      [20, gauge(H1)],
      [60, gauge(H2)],
    ]).said,
    [notCounter],
  );
  assert.deepEqual(
    one('delta', [
      [20, gauge(H1)],
      [60, H2],
    ]).said,
    [notGauge],
  );
  assert.deepEqual(
    one('delta', [
      [20, gauge(H1)],
      [60, gauge(H2)],
    ]).said,
    [],
  );
  assert.deepEqual(
    one('irate', [
      [20, gauge(H1)],
      [60, H2],
    ]).said,
    [notCounter],
  );
  assert.deepEqual(
    one('idelta', [
      [20, H1],
      [60, H2],
    ]).said,
    [notGauge],
  );
});

test('overlaps in a window without a result stay unsaid', () => {
  const custom = histogram([1], { schema: CUSTOM_BUCKETS_SCHEMA, customValues: Float64Array.of(1) });
  const { said } = one('rate', [
    [20, H1, 1],
    [40, H2, 10],
    [60, custom, 10],
  ]);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /exponential and custom buckets/);
});
