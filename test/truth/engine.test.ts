import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { compareLabels, labelsFromRecord, labelValue } from '../../src/model/labels.ts';
import type { Labels } from '../../src/model/labels.ts';
import { appendRange, copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { FigureSum } from './evaluate-figure.ts';
import { FIGURES } from './figures.ts';
import { byDedupe, GRID } from './measure.ts';
import { workload } from './workload.ts';
import type { WatchedSeries } from './workload.ts';

const SMALL = {
  targets: 8,
  countersPerTarget: 3,
  gaugesPerTarget: 2,
  histogramsPerTarget: 1,
  nativeHistogramsPerTarget: 1,
};

/** The deduplicated series of one metric. */
function mergedSeries(
  metric: WatchedSeries['metric'],
): { watched: WatchedSeries['labels']; labels: Labels; columns: SampleColumns }[] {
  const target = new SampleBuffer();
  return [...workload(1, SMALL)]
    .filter((series) => series.metric === metric)
    .map((series) => {
      target.clear();
      byDedupe(series, target);
      const labels = labelsFromRecord({ __name__: metric, ...series.labels });
      return { watched: series.labels, labels, columns: copyColumns(target) };
    })
    .sort((x, y) => compareLabels(x.labels, y.labels));
}

for (const figure of FIGURES) {
  test(`the engine answers ${figure.query} as it is measured`, async () => {
    const series = mergedSeries(figure.metric);
    const source: SeriesSource = {
      select: async () => ({
        annotations: [],
        series: series.map(({ labels, columns }) => ({
          labels,
          dropName: false,
          read: (target) => {
            target.clear();
            appendRange(target, columns, 0, columns.length);
          },
        })),
      }),
    };
    const end = GRID.start + (GRID.count - 1) * GRID.step;
    const { value } = await answerOf(figure.query, source, { start: GRID.start, end, step: GRID.step });
    assert.equal(value.kind, 'matrix');
    const sum = new FigureSum(figure, GRID);
    for (const { watched, columns } of series) sum.add(watched, columns);
    const answer = sum.answer();
    assert.equal(value.kind === 'matrix' && value.series.length, answer.size);
    for (const { labels, columns } of value.kind === 'matrix' ? value.series : []) {
      const measured = answer.get(labelValue(labels, 'job'))!;
      assert.equal(columns.length, GRID.count);
      for (let i = 0; i < GRID.count; i++)
        assert.ok(Math.abs(columns.v[i]! - measured[i]!) <= 1e-9 * measured[i]!);
    }
  });
}
