import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import {
  encodeSeriesResponse,
  readSeriesResponse,
  type SeriesResponse,
  SeriesResponseReader,
  type StoreSeries,
} from '../../../src/wire/store-api/series-response.ts';
import { delimited } from '../../support/hostile/messages.ts';

const series: readonly StoreSeries[] = ['a', 'b', 'c', 'größer'].map((name, i) => ({
  labels: labelsFromRecord({ __name__: name, i: String(i) }),
  chunks: [
    {
      minTime: i,
      maxTime: i + 1,
      raw: { encoding: 1, minTime: i, maxTime: i + 1, data: Uint8Array.of(i, i, i) },
      aggregates: undefined,
    },
  ],
}));

const RESPONSES: readonly SeriesResponse[] = [
  { kind: 'series', series },
  { kind: 'series', series: series.slice(0, 1) },
  { kind: 'warning', warning: 'half of it is missing' },
];

describe('a response that is read a part at a time', () => {
  for (const response of RESPONSES)
    it(`is the same: ${response.kind}${response.kind === 'series' ? ` of ${response.series.length}` : ''}`, () => {
      const message = encodeSeriesResponse(response);
      const whole = new SeriesBatch();
      const read = readSeriesResponse(message, whole);
      for (const most of [1, 30, 60]) {
        const batch = new SeriesBatch();
        const reader = new SeriesResponseReader(message, batch);
        let parts = 1;
        while (!reader.read(most)) parts++;
        assert.deepEqual([reader.response, [...batch]], [read, [...whole]]);
        if (whole.length > 1) assert.ok(parts >= whole.length / 2, `${parts} parts`);
      }
    });

  it('may hold several batches, one behind the other', () => {
    const message = encodeSeriesResponse({ kind: 'series', series });
    const batch = new SeriesBatch();
    const reader = new SeriesResponseReader(Buffer.concat([message, message]), batch);
    while (!reader.read(1)) assert.equal(reader.response.kind, 'series');
    assert.equal(batch.length, 2 * series.length);
  });
});

it('a series with more chunks with aggregates than any has is refused', () => {
  // Of chunks that have a count without samples, and nothing else.
  const message = delimited(1, Buffer.alloc(8 * 50_001, Buffer.from([0x12, 6, 0x22, 4, 0x12, 2, 0, 0])));
  assert.throws(() => readSeriesResponse(message, new SeriesBatch()), {
    name: 'MessageFormatError',
    message: 'a series has more than 50000 chunks in one message',
  });
});
