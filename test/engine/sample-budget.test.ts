import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SampleBudget } from '../../src/engine/sample-budget.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { answerOf } from '../support/evaluate-text.ts';

test('rows without samples take memory, and are refused beyond the limit, but are no samples', () => {
  const budget = new SampleBudget(100, 'x');
  budget.take(90);
  budget.takeRow(16, 9);
  budget.takeRow(160, 0);
  assert.equal(budget.peak, 90);
  assert.throws(() => budget.takeRow(160, 0), {
    kind: 'execution',
    message: /: 180 samples are over the limit of 100 for x$/,
  });
});

test('series that come and go do not take more memory than samples may', async () => {
  const steps = 10_000;
  const source: SeriesSource = {
    select: async () => ({
      annotations: [],
      series: Array.from({ length: 2000 }, (_, i) => ({
        labels: labelsFromRecord({ __name__: 'x', i: String(i) }),
        dropName: false as const,
        read: (target) => {
          target.clear();
          target.push(i * 5000, i);
        },
      })),
    }),
  };
  const times = { start: 0, end: (steps - 1) * 1000, step: 1000 };
  for (const query of ['x + x', 'sum by (i) (x)', 'count_values("v", x)', '{__name__=~"x"} and x'])
    await assert.rejects(
      answerOf(query, source, times, { maxSamples: 1_000_000 }),
      { kind: 'execution', message: /samples are over the limit of 1000000/ },
      query,
    );
});
