import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compareLabels,
  labelsFromRecord,
  labelsKey,
  withoutLabels,
  type Labels,
} from '../../../src/model/labels.ts';
import { SeriesUnion } from '../../../src/select/lists/series-union.ts';
import { LabelTable } from '../../../src/wire/batch/label-table.ts';
import { PackedSeries } from '../../../src/wire/batch/packed-series.ts';
import { testPacer } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';

const labels = fc
  .dictionary(fc.constantFrom('a', 'b', 'replica'), fc.constantFrom('1', '2', 'é'))
  .map(labelsFromRecord);
/** How a list is there: as objects, as ids of the table of all, or as ids of another one. */
const list = fc.tuple(fc.array(labels, { maxLength: 12 }), fc.constantFrom('objects', 'shared', 'own'));

test('the union of lists has each series once, in order, without what is merged and what is not wanted', async () => {
  await assertProperty(
    fc.asyncProperty(fc.array(list, { maxLength: 4 }), async (lists) => {
      const table = new LabelTable();
      const union = new SeriesUnion(table, { take: () => undefined }, testPacer());
      const wanted = (series: Labels): boolean => !series.includes('é');
      for (const [items, form] of lists)
        await union.add(
          form === 'objects' ? items : packed(form === 'shared' ? table : new LabelTable(), items),
          wanted,
          (name) => name === 'replica',
        );
      const merged = new Map<string, Labels>();
      for (const series of lists.flatMap(([items]) => items).filter(wanted)) {
        const own = withoutLabels(series, new Set(['replica']));
        merged.set(labelsKey(own), own);
      }
      assert.deepEqual([...(await union.sorted())], [...merged.values()].sort(compareLabels));
    }),
    { seed: 56, numRuns: 300 },
  );
});

function packed(table: LabelTable, items: readonly Labels[]): PackedSeries {
  const series = new PackedSeries(table);
  for (const item of items) series.add(item);
  return series;
}
