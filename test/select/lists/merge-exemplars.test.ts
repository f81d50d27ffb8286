import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exemplar, ExemplarSeries } from '../../../src/model/exemplar.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { mergeExemplars } from '../../../src/select/lists/merge-exemplars.ts';
import { testPacer } from '../../support/pace.ts';

const exemplar = (trace: string, t: number, value = 1): Exemplar => ({
  labels: labelsFromRecord({ trace_id: trace }),
  value,
  t,
});

const series = (name: string, ...exemplars: readonly Exemplar[]): ExemplarSeries => ({
  labels: labelsFromRecord({ __name__: name }),
  exemplars,
});

test('an exemplar that both replicas have appears once, in the order of time', async () => {
  const merged = await mergeExemplars(
    [
      series('n'),
      series('m', exemplar('x', 3), exemplar('x', 1)),
      series('m', exemplar('x', 1), exemplar('y', 1), exemplar('x', 1, 2)),
    ],
    testPacer(),
  );
  assert.deepEqual(merged, [
    series('m', exemplar('x', 1), exemplar('x', 1, 2), exemplar('y', 1), exemplar('x', 3)),
  ]);
});

test('series with other labels stay apart, sorted', async () => {
  const both = [series('n', exemplar('x', 1)), series('m', exemplar('x', 1))];
  assert.deepEqual(await mergeExemplars(both, testPacer()), [both[1], both[0]]);
});
