import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeStats } from '../../../../src/http/routes/query/encode-stats.ts';

const stats = {
  totalQueryableSamples: 7,
  peakSamples: 5,
  perStep: undefined,
  timings: { prepare: 1, select: 2, evaluate: 3, total: 6.000_000_4 },
};

test('statistics have the names of Prometheus and times in seconds', () => {
  assert.deepEqual(
    JSON.parse(
      encodeStats(stats, {
        times: { start: 0, step: 0 },
        queuedMs: 4,
        completeness: { state: 'missing', warnings: 1 },
        fetched: { bytes: 9, calls: 3, endpoints: 2, answeredEndpoints: 1 },
      }),
    ),
    {
      timings: {
        evalTotalTime: 0.006,
        resultSortTime: 0,
        queryPreparationTime: 0.003,
        innerEvalTime: 0.003,
        execQueueTime: 0.004,
        execTotalTime: 0.01,
      },
      samples: { totalQueryableSamples: 7, peakSamples: 5 },
      completeness: { state: 'missing', warnings: 1 },
      fetched: { bytes: 9, calls: 3, endpoints: 2, answeredEndpoints: 1 },
    },
  );
});

test('samples a step carry the time of the step', () => {
  const perStep = Float64Array.of(3, 4);
  const text = encodeStats(
    { ...stats, perStep },
    {
      times: { start: 1500, step: 250 },
      queuedMs: 0,
      completeness: { state: 'whole', warnings: 0 },
      fetched: { bytes: 0 },
    },
  );
  assert.match(text, /"totalQueryableSamplesPerStep":\[\[1.5,3\],\[1.75,4\]\]/);
});
