import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelsFrom } from '../../../src/model/labels.ts';
import { encodeBareSeries } from '../../../src/wire/store-api/bare-series.ts';
import { encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { assertProperty } from '../../support/property.ts';
import { sortedSetsOf } from '../../support/sorted-sets.ts';

test('packed series without chunks are the same messages as others', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom(127, 128, 20_000).map((length) => 'x'.repeat(length)),
  );
  const labels = fc.array(fc.tuple(text, text), { maxLength: 5 }).map(labelsFrom);
  await assertProperty(
    fc.asyncProperty(
      fc.array(labels, { maxLength: 20 }),
      fc.constantFrom(0, 1, 2, 7),
      async (series, batchSize) => {
        const packed = await sortedSetsOf(series);
        const size = Math.max(1, batchSize);
        const expected = Array.from({ length: Math.ceil(packed.length / size) }, (_, i) =>
          encodeSeriesResponse({
            kind: 'series',
            series: [...packed].slice(i * size, (i + 1) * size).map((each) => ({ labels: each, chunks: [] })),
          }),
        );
        assert.deepEqual(
          [...encodeBareSeries(packed, batchSize)].map((message) => Buffer.from(message).toString('hex')),
          expected.map((message) => Buffer.from(message).toString('hex')),
        );
      },
    ),
    { seed: 57 },
  );
});

test('a message does not become much larger than a mebibyte, however many series are wanted in one', async () => {
  const series = Array.from({ length: 30 }, (_, i) => labelsFrom([['a', `${i}${'x'.repeat(100_000)}`]]));
  const messages = [...encodeBareSeries(await sortedSetsOf(series), 1_000_000)];
  assert.deepEqual(
    messages.map(({ length }) => Math.round(length / 100_000)),
    [11, 11, 8],
  );
});
