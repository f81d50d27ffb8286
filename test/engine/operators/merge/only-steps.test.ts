import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SelectedSeries, SeriesSource, StepRange } from '../../../../src/engine/series-source.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../../src/model/labels.ts';
import { linesOf } from '../../../support/evaluate-text.ts';
import { exponential } from '../../../support/histograms.ts';
import { columnsOf } from '../../../select/support.ts';

const MINUTE = 60_000;
const TIMES = { start: 10 * MINUTE, end: 14 * MINUTE, step: MINUTE };

/** A counter that grows by one each second, or histograms of it, at all minutes. */
function series(instance: string, kind: 'floats' | 'histograms'): SelectedSeries {
  return {
    labels: labelsFromRecord({ __name__: 'x_total', instance }),
    dropName: false,
    read(target) {
      target.clear();
      for (let minute = 0; minute < 20; minute++)
        if (kind === 'floats') target.push(minute * MINUTE, minute * 60);
        else target.pushHistogram(minute * MINUTE, exponential({ positive: { 1: minute } }));
    },
  };
}

/** A select of two series, of which the first counts at some steps, and parts that stand for it at the others. */
function partly(steps: StepRange, kind: 'floats' | 'histograms' = 'floats'): SeriesSource {
  return {
    distributes: true,
    select: async () => ({
      series: [series('a', kind), series('b', kind)],
      partials: [[{ labels: EMPTY_LABELS, values: columnsOf([[10 * MINUTE, 100]]) }]],
      stepsOf: (index) => (index === 0 ? steps : undefined),
      annotations: [],
    }),
  };
}

for (const text of ['sum(rate(x_total[2m]))', 'sum(rate(x_total[2m]) * 1)'])
  test(`a function of a range counts at its steps alone: ${text}`, async () => {
    assert.deepEqual(await linesOf(text, partly({ from: 1, to: 3 }), TIMES), [
      '{} 101@600000 2@660000 2@720000 1@780000 1@840000',
    ]);
  });

test('so does an instant selector', async () => {
  assert.deepEqual(await linesOf('count(x_total)', partly({ from: 1, to: 4 }), TIMES), [
    '{} 101@600000 2@660000 2@720000 2@780000 1@840000',
  ]);
});

test('and so do histograms', async () => {
  assert.deepEqual(await linesOf('count(x_total)', partly({ from: 2, to: 5 }, 'histograms'), TIMES), [
    '{} 101@600000 1@660000 2@720000 2@780000 2@840000',
  ]);
});

test('a series may count at no step', async () => {
  assert.deepEqual(await linesOf('count(x_total)', partly({ from: 5, to: 5 }), TIMES), [
    '{} 101@600000 1@660000 1@720000 1@780000 1@840000',
  ]);
});
