import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exemplar, ExemplarSeries } from '../../../src/model/exemplar.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { mergeExemplars } from '../../../src/select/lists/merge-exemplars.ts';

const exemplar = (trace: string, t: number, value = 1): Exemplar => ({
  labels: labelsFromRecord({ trace_id: trace }),
  value,
  t,
});

const series = (name: string, replica: string, ...exemplars: readonly Exemplar[]): ExemplarSeries => ({
  labels: labelsFromRecord({ __name__: name, __replica__: replica }),
  exemplars,
});

test('an exemplar that both replicas have appears once, in the order of time', () => {
  const merged = mergeExemplars(
    [
      series('n', 'a'),
      series('m', 'b', exemplar('x', 3), exemplar('x', 1)),
      series('m', 'a', exemplar('x', 1), exemplar('y', 1), exemplar('x', 1, 2)),
    ],
    new Set(['__replica__']),
  );
  assert.deepEqual(merged, [
    {
      labels: labelsFromRecord({ __name__: 'm' }),
      exemplars: [exemplar('x', 1), exemplar('x', 1, 2), exemplar('y', 1), exemplar('x', 3)],
    },
  ]);
});

test('with their replica labels series stay apart', () => {
  const both = [series('m', 'b', exemplar('x', 1)), series('m', 'a', exemplar('x', 1))];
  assert.deepEqual(mergeExemplars(both, new Set()), [both[1], both[0]]);
});
