import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HistogramJson } from '../../src/http/api/query.ts';
import { boundsText } from '../../ui/query/bucket-bounds.ts';
import { extentOf, heatmapOf, type Cell } from '../../ui/query/heatmap-data.ts';
import { assertProperty } from '../support/property.ts';

type Bucket = NonNullable<HistogramJson['buckets']>[number];

const STEPS = { start: 1000, step: 10, count: 3 };

function histogram(...buckets: readonly Bucket[]): HistogramJson {
  return { count: '0', sum: '0', buckets };
}

/** The buckets of one step, of which each series has a histogram. */
function columnOf(...histograms: readonly HistogramJson[]): readonly string[] {
  const { columns } = heatmapOf(
    histograms.map((each) => ({ histograms: [[1010, each]] })),
    STEPS,
  );
  return columns[1]!.map(cellText);
}

function cellText({ ends, low, high, count }: Cell): string {
  return `${boundsText(ends, low, high)} ${count}`;
}

test('a histogram stands at its step, and other steps are empty', () => {
  const { columns, most, hasNegative, isJoined } = heatmapOf(
    [{ histograms: [[1020, histogram([0, '1', '2', '5'], [0, '2', '4', '7.5'])]] }, {}],
    STEPS,
  );
  assert.deepEqual(
    columns.map((column) => column.map(cellText)),
    [[], [], ['(1, 2] 5', '(2, 4] 7.5']],
  );
  assert.deepEqual([most, hasNegative, isJoined], [7.5, false, false]);
});

test('steps that are not asked for are left out', () => {
  const { columns } = heatmapOf([{ histograms: [[2000, histogram([0, '1', '2', '5'])]] }], STEPS);
  assert.equal(columns.flat().length, 0);
});

test('equal buckets of several series are summed, also those that one of them alone has', () => {
  const [one, other] = [
    histogram([0, '1', '2', '5'], [0, '2', '4', '1']),
    histogram([0, '2', '4', '2'], [0, '4', '8', '3']),
  ];
  assert.deepEqual(columnOf(one, other), ['(1, 2] 5', '(2, 4] 3', '(4, 8] 3']);
});

test('buckets of a finer schema become those of the coarser one that they lie in', () => {
  const coarse = histogram([0, '1', '4', '10'], [0, '4', '16', '1']);
  const fine = histogram([0, '0.5', '1', '1'], [0, '1', '2', '2'], [0, '2', '4', '3'], [0, '16', '32', '4']);
  assert.deepEqual(columnOf(coarse, fine), ['(0.5, 1] 1', '(1, 4] 15', '(4, 16] 1', '(16, 32] 4']);
});

test('a bound that two schemas compute in another way is the same', () => {
  assert.deepEqual(
    columnOf(histogram([0, '1', '1.4142135623730951', '1']), histogram([0, '1.414213562373095', '2', '2'])),
    ['(1, 1.4142] 1', '(1.4142, 2] 2'],
  );
});

test('negative buckets come first, and those about zero become the widest of them', () => {
  const one = histogram([1, '-4', '-2', '1'], [3, '-0.001', '0.001', '2'], [0, '2', '4', '3']);
  const wide = histogram([3, '-0.5', '0.5', '4'], [0, '0.5', '1', '5']);
  assert.deepEqual(columnOf(one), ['[-4, -2) 1', '[-0.001, 0.001] 2', '(2, 4] 3']);
  assert.deepEqual(columnOf(one, wide), ['[-4, -2) 1', '[-0.5, 0.5] 6', '(0.5, 1] 5', '(2, 4] 3']);
});

test('a bucket of zero alone is beside the one that begins at zero', () => {
  assert.deepEqual(columnOf(histogram([3, '0', '0', '1'], [0, '0', '5', '2'])), ['[0, 0] 1', '(0, 5] 2']);
});

test('custom buckets end at infinity, and those of other bounds are joined where they overlap', () => {
  const one = histogram([0, '-Inf', '1', '1'], [0, '1', '2', '2'], [0, '5', '+Inf', '3']);
  assert.deepEqual(columnOf(one), ['(-Inf, 1] 1', '(1, 2] 2', '(5, +Inf] 3']);
  assert.deepEqual(columnOf(one, histogram([0, '1.5', '3', '4'], [0, '8', '+Inf', '5'])), [
    '(-Inf, 1] 1',
    '(1, 3] 6',
    '(5, +Inf] 8',
  ]);
});

test('what holds nothing is no cell, and counts below zero are', () => {
  assert.deepEqual(
    columnOf(histogram([0, '1', '2', '0'], [0, '2', '4', 'NaN'], [0, '4', '8', '-3'], [0, '8', '16', '2'])),
    ['(4, 8] -3', '(8, 16] 2'],
  );
});

test('the extent is of all steps, and tells the fullest bucket and its step', () => {
  const data = heatmapOf(
    [
      {
        histograms: [
          [1000, histogram([0, '1', '2', '5'])],
          [1020, histogram([0, '0.5', '1', '7'])],
        ],
      },
    ],
    STEPS,
  );
  const extent = extentOf(data)!;
  assert.deepEqual([extent.low, extent.high, extent.step], [0.5, 2, 2]);
  assert.equal(cellText(extent.fullest), '(0.5, 1] 7');
  assert.equal(extentOf(heatmapOf([{ histograms: [[1000, histogram()]] }], STEPS)), undefined);
});

test('whatever schemas series have, no observation is lost and no two cells overlap', () => {
  const exponential = fc
    .tuple(fc.integer({ min: -2, max: 4 }), fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 30 }))
    .map(([schema, indices]) => {
      const bound = (index: number): string => String(2 ** (index / 2 ** schema));
      return histogram(...indices.map((i): Bucket => [0, bound(i - 1), bound(i), '1']));
    });
  assertProperty(
    fc.property(fc.array(exponential, { maxLength: 5 }), (histograms) => {
      const [column] = heatmapOf(
        histograms.map((each) => ({ histograms: [[1000, each]] })),
        STEPS,
      ).columns;
      const [before, after] = [
        histograms.reduce((sum, { buckets = [] }) => sum + buckets.length, 0),
        column!.reduce((sum, { count }) => sum + count, 0),
      ];
      assert.equal(after, before);
      for (const [i, { low }] of column!.entries())
        if (i > 0) assert.ok(low >= column![i - 1]!.high * (1 - 1e-9), JSON.stringify(column));
    }),
    { seed: 64_402 },
  );
});

test('a difference of histograms may hold less than nothing', () => {
  const { most, hasNegative } = heatmapOf([{ histograms: [[1010, histogram([0, '1', '2', '-5'])]] }], STEPS);
  assert.deepEqual([most, hasNegative], [5, true]);
});
