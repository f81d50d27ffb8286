import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeTsdbStatistics, topOfStatistics } from '../../../src/select/lists/merge-tsdb-statistics.ts';
import { headOf, listed, statisticsOf } from './statistics-support.ts';

test('counts are sums, of values of a label the greatest counts, and the greatest come first', () => {
  const merged = mergeTsdbStatistics([
    statisticsOf({
      seriesCountByMetricName: listed({ up: 3, a: 2 }),
      labelValueCountByLabelName: listed({ job: 5, le: 4 }),
      memoryInBytesByLabelName: listed({ job: 50 }),
      seriesCountByLabelValuePair: listed({ 'job=x': 7 }),
    }),
    statisticsOf({
      seriesCountByMetricName: listed({ a: 2, b: 3 }),
      labelValueCountByLabelName: listed({ le: 9, job: 4 }),
      memoryInBytesByLabelName: listed({ job: 40 }),
      seriesCountByLabelValuePair: listed({ 'job=x': 7, 'job=y': 1 }),
    }),
  ]);
  assert.deepEqual(merged.seriesCountByMetricName, listed({ a: 4, b: 3, up: 3 }));
  assert.deepEqual(merged.labelValueCountByLabelName, listed({ le: 9, job: 5 }));
  assert.deepEqual(merged.memoryInBytesByLabelName, listed({ job: 90 }));
  assert.deepEqual(merged.seriesCountByLabelValuePair, listed({ 'job=x': 14, 'job=y': 1 }));
});

test('heads are added up and reach from the first sample to the last', () => {
  const heads = [headOf(10, 1000, 2000), headOf(5, 500, 1500), headOf(1, 0, 0)];
  const { headStatistics } = mergeTsdbStatistics(
    heads.map((headStatistics) => statisticsOf({ headStatistics })),
  );
  assert.deepEqual(headStatistics, headOf(16, 500, 2000));
});

test('an empty head, whose times are the wrong way round, does not widen the range', () => {
  const empty = headOf(0, 2 ** 63, -(2 ** 63));
  const merged = (...heads: readonly ReturnType<typeof headOf>[]) =>
    mergeTsdbStatistics(heads.map((headStatistics) => statisticsOf({ headStatistics }))).headStatistics;
  assert.deepEqual(merged(empty, headOf(1, 500, 600)), headOf(1, 500, 600));
  assert.deepEqual(merged(empty), empty);
});

test('nothing at all is zeros and empty lists', () => {
  assert.deepEqual(mergeTsdbStatistics([]), statisticsOf({ headStatistics: headOf(0, 0, 0) }));
});

test('the top of each list', () => {
  const list = listed({ a: 3, b: 2, c: 1 });
  const statistics = {
    headStatistics: headOf(1, 2, 3),
    seriesCountByMetricName: list,
    labelValueCountByLabelName: list,
    memoryInBytesByLabelName: list,
    seriesCountByLabelValuePair: list,
  };
  const { headStatistics, ...lists } = topOfStatistics(statistics, 2);
  assert.deepEqual(headStatistics, headOf(1, 2, 3));
  for (const top of Object.values(lists)) assert.deepEqual(top, listed({ a: 3, b: 2 }));
});
