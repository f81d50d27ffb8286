import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSource } from '../../src/engine/source.ts';
import { labelsFromRecord, labelValue } from '../../src/model/labels.ts';
import { appendRange, copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { FigureSum } from './evaluate-figure.ts';
import { FIGURES } from './figures.ts';
import { byDedupe, GRID } from './measure.ts';
import { workload } from './workload.ts';
import type { WatchedSeries } from './workload.ts';

const SMALL = { targets: 8, countersPerTarget: 3, gaugesPerTarget: 2 };

/** The deduplicated series of one metric, in the order of their labels. */
function mergedSeries(
  metric: string,
): { job: string; labels: string; columns: ReturnType<typeof copyColumns> }[] {
  const target = new SampleBuffer();
  return [...workload(1, SMALL)]
    .filter((series) => series.metric === metric)
    .map((series: WatchedSeries, i) => {
      target.clear();
      byDedupe(series, target);
      return { job: series.job, labels: String(i).padStart(4, '0'), columns: copyColumns(target) };
    });
}

for (const figure of FIGURES) {
  test(`the engine answers ${figure.query} as it is measured`, async () => {
    const series = mergedSeries(figure.metric);
    const source: SeriesSource = {
      select: async () => ({
        annotations: [],
        series: series.map(({ job, labels, columns }) => ({
          labels: labelsFromRecord({ __name__: figure.metric, instance: labels, job }),
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
    for (const { job, columns } of series) sum.add(figure.byJob ? job : '', columns);
    assert.equal(value.kind === 'matrix' && value.series.length, sum.groups.size);
    for (const { labels, columns } of value.kind === 'matrix' ? value.series : []) {
      const measured = sum.groups.get(figure.byJob ? labelValue(labels, 'job') : '')!;
      assert.equal(columns.length, GRID.count);
      for (let i = 0; i < GRID.count; i++)
        assert.ok(Math.abs(columns.v[i]! - measured[i]!) <= 1e-9 * measured[i]!);
    }
  });
}
