import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { SelectedSeries } from '../../../src/engine/series-source.ts';
import { unionSeries } from '../../../src/gateway/raw/union-series.ts';
import { compareLabels, labelsFromRecord, labelValue } from '../../../src/model/labels.ts';
import { Pacer } from '../../../src/model/pacer.ts';
import { assertProperty } from '../../support/property.ts';

function listOf(list: number, names: readonly string[]): readonly SelectedSeries[] {
  return names
    .map((name) => labelsFromRecord({ __name__: name }))
    .toSorted(compareLabels)
    .map((labels) => ({ labels, dropName: false, read: () => undefined, metricName: String(list) }));
}

const pacer = (): Pacer => new Pacer(new AbortController());

describe('the union of sorted lists of series', () => {
  it('has each label set once, sorted, of the first list that has it', async () => {
    const names = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'ä', 'z1', 'z2'), {
      maxLength: 7,
    });
    await assertProperty(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 6 }), async (lists) => {
        const union = await unionSeries(
          lists.map((each, list) => listOf(list, each)),
          pacer(),
        );
        const found = [...union].map(({ labels, metricName }) => [
          labelValue(labels, '__name__'),
          metricName,
        ]);
        const expected = listOf(0, [...new Set(lists.flat())]).map(({ labels }) => {
          const name = labelValue(labels, '__name__');
          return [name, String(lists.findIndex((each) => each.includes(name)))];
        });
        assert.deepEqual(found, expected);
      }),
      { seed: 41 },
    );
  });
});
