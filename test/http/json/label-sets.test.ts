import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toChunks } from '../../../src/http/chunks.ts';
import { encodeLabelSets } from '../../../src/http/json/label-sets.ts';
import { encodeList } from '../../../src/http/json/object.ts';
import { encodeLabels } from '../../../src/http/json/text.ts';
import { labelsFrom, labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import type { ItemList } from '../../../src/model/lazy-list.ts';
import { sortedSetsOf } from '../../support/sorted-sets.ts';
import { assertProperty } from '../../support/property.ts';

const sent = (list: ItemList<Labels>): string =>
  Buffer.concat([...toChunks(encodeLabelSets(list))]).toString();

test('packed label sets are sent as others are', async () => {
  const short = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('a', '<b>', '"', '\\', '\n', '\u0001', '\u007f', '\u2028', 'ä', '😀'),
  );
  const long = fc.tuple(short, fc.constantFrom(2000, 20_000)).map(([a, n]) => a + 'x'.repeat(n));
  const text = fc.oneof({ weight: 15, arbitrary: short }, { weight: 1, arbitrary: long });
  const labels = fc.array(fc.tuple(text, text), { maxLength: 5 }).map(labelsFrom);
  await assertProperty(
    fc.asyncProperty(fc.array(labels, { maxLength: 40 }), async (series) => {
      const packed = await sortedSetsOf(series);
      const expected = [...encodeList(packed, encodeLabels)].join('');
      assert.equal(sent(packed), expected);
      assert.equal(sent([...packed]), expected);
    }),
    { seed: 54 },
  );
});

test('as many label sets as fill several pieces are sent whole', async () => {
  const packed = await sortedSetsOf(
    Array.from({ length: 20_000 }, (_, i) => labelsFromRecord({ __name__: 'up', pod: `pod-${i}` })),
  );
  const read = JSON.parse(sent(packed)) as readonly Readonly<Record<string, string>>[];
  assert.deepEqual(read.map(labelsFromRecord), [...packed]);
});
