import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { CUSTOM_BUCKETS_SCHEMA, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer, type SampleColumns } from '../../src/model/sample-columns.ts';
import { isStale } from '../../src/model/stale.ts';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import { readSampledSeries, type SampledSeries } from '../../src/wire/remote-read/sampled.ts';
import { floatColumns, histogramColumns } from '../support/columns.ts';
import { assertReadOrRefused, damaged } from '../support/damaged.ts';
import { prometheusProto } from '../support/proto.ts';
import { sampleWords } from '../support/sample-words.ts';
import { assertProperty } from '../support/property.ts';
import { uncompressSnappy } from '../../src/wire/snappy.ts';
import { sampledAnswer } from '../support/sampled-answer.ts';

const ReadResponse = prometheusProto().lookupType('prometheus.ReadResponse');
const labels = labelsFromRecord({ __name__: 'up', job: 'node' });
const anyColumns = fc.oneof(floatColumns, histogramColumns(true), histogramColumns(false));

describe('sampled remote-read answers', () => {
  it('decode to the same labels and bits, hints included', () => {
    assertProperty(
      fc.property(anyColumns, (columns) => {
        const [found] = readSampledSeries(messageOf([], [{ labels, columns }]));
        assert.deepEqual(found!.labels, labels);
        assert.deepEqual(wordsOf(found!.columns), wordsOf(columns));
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('are one answer, however many pieces were compressed', () => {
    const series = Array.from({ length: 3000 }, (_, i) => {
      const columns = new SampleBuffer();
      const samples = i === 7 ? 20_000 : 5;
      for (let at = 0; at < samples; at++) columns.push((i === 8 ? -1000 : 2 ** 40) + at * 127, at / 7);
      return { labels: labelsFromRecord({ __name__: 'm', i: String(i) }), columns };
    });
    const decoded = ReadResponse.toObject(
      ReadResponse.decode(messageOf(series.slice(0, 10), [], series.slice(10))),
      { longs: Number, arrays: true },
    ) as {
      readonly results: readonly {
        readonly timeseries: readonly {
          readonly labels: readonly { readonly value: string }[];
          readonly samples: readonly { readonly value?: number; readonly timestamp?: number }[];
        }[];
      }[];
    };
    assert.deepEqual(
      decoded.results.map(({ timeseries }) => timeseries.length),
      [10, 0, 2990],
    );
    const found = decoded.results.flatMap(({ timeseries }) => timeseries);
    for (const [i, { columns }] of series.entries()) {
      assert.equal(found[i]!.labels[1]!.value, String(i));
      const { length, t, v } = columns;
      assert.deepEqual(
        found[i]!.samples.map(({ value = 0, timestamp = 0 }) => [timestamp, value]),
        Array.from({ length }, (_, at) => [t[at], v[at]]),
      );
    }
  });

  it('with integer histograms: deltas become counts', () => {
    const { h } = decode({
      histograms: [
        {
          countInt: 12,
          sum: 1.5,
          schema: -1,
          zeroThreshold: 0.001,
          zeroCountInt: 2,
          positiveSpans: [
            { offset: -2, length: 2 },
            { offset: 3, length: 1 },
          ],
          positiveDeltas: [3, 1, -3],
          negativeSpans: [{ offset: 1, length: 1 }],
          negativeDeltas: [2],
          resetHint: 3,
          timestamp: 1000,
        },
      ],
    });
    assert.deepEqual(h!.at(0), {
      schema: -1,
      resetHint: ResetHint.gauge,
      count: 12,
      sum: 1.5,
      zeroThreshold: 0.001,
      zeroCount: 2,
      positive: { index: Int32Array.of(-2, -1, 3), count: Float64Array.of(3, 4, 1) },
      negative: { index: Int32Array.of(1), count: Float64Array.of(2) },
      customValues: new Float64Array(0),
    });
  });

  it('with float histograms and custom buckets: counts are absolute', () => {
    const { h } = decode({
      histograms: [
        {
          countFloat: 2.5,
          schema: CUSTOM_BUCKETS_SCHEMA,
          positiveSpans: [{ offset: 1, length: 2 }],
          positiveCounts: [0.5, 2],
          customValues: [0.1, 1],
          timestamp: 1000,
        },
      ],
    });
    assert.deepEqual(h!.at(0)!.positive, { index: Int32Array.of(1, 2), count: Float64Array.of(0.5, 2) });
    assert.deepEqual(h!.at(0)!.customValues, Float64Array.of(0.1, 1));
  });

  it('reduce histograms of a finer schema than ours, as Prometheus does', () => {
    const { h } = decode({
      histograms: [
        {
          countInt: 3,
          schema: 9,
          positiveSpans: [{ offset: 1, length: 3 }],
          positiveDeltas: [1, 0, 0],
          timestamp: 1,
        },
      ],
    });
    assert.equal(h!.at(0)!.schema, 8);
    assert.deepEqual(h!.at(0)!.positive, { index: Int32Array.of(1, 2), count: Float64Array.of(2, 1) });
  });

  it('interleave floats and histograms by time; at the same time the float counts', () => {
    const { t, v, h } = decode({
      samples: [
        { timestamp: 1, value: 10 },
        { timestamp: 3, value: 30 },
      ],
      histograms: [
        { countInt: 0, sum: 20, timestamp: 2 },
        { countInt: 0, sum: 31, timestamp: 3 },
        { countInt: 0, sum: 40, timestamp: 4 },
      ],
    });
    assert.deepEqual(t, Float64Array.of(1, 2, 3, 4));
    assert.deepEqual(
      Array.from(h!.toArray(), (one) => one?.sum),
      [undefined, 20, undefined, 40],
    );
    assert.deepEqual([v[0], v[2]], [10, 30]);
  });

  it('take a histogram whose sum is the stale marker for a stale marker', () => {
    const stale = Buffer.from('020000000000f07f', 'hex');
    // repeated results > timeseries > histograms > sum, by hand: an object of numbers would lose the bits.
    const histogram = [0x19, ...stale, 0x78, 5];
    const timeseries = [0x22, histogram.length, ...histogram];
    const result = [0x0a, timeseries.length, ...timeseries];
    const [found] = readSampledSeries(Uint8Array.from([0x0a, result.length, ...result]));
    const { length, t, v, h } = found!.columns;
    assert.deepEqual([length, t[0], isStale(v[0]!), h?.at(0)], [1, 5, true, undefined]);
  });

  const refused: Readonly<Record<string, readonly [series: object, message: RegExp]>> = {
    'samples that are not in order': [
      { samples: [{ timestamp: 5 }, { timestamp: 5 }] },
      /not in order: 5 follows on 5/,
    ],
    'a timestamp beyond 2^53': [{ samples: [{ timestamp: '9223372036854775807' }] }, /beyond 2\^53 ms/],
    'spans that claim more buckets than there are counts': [
      { histograms: [{ countInt: 1, positiveSpans: [{ length: 4e9 }], positiveDeltas: [1], timestamp: 7 }] },
      /the histogram at 7 has 1 counts for the 4000000000 buckets of its spans/,
    ],
    'an unknown schema': [
      { histograms: [{ countInt: 1, schema: 99, timestamp: 7 }] },
      /at 7 is invalid: schema 99/,
    ],
  };
  for (const [what, [series, message]] of Object.entries(refused))
    it(`are refused for ${what}`, () => {
      assert.throws(() => decode(series), { name: 'MessageFormatError', message });
    });

  it('give columns in order or a MessageFormatError where they are damaged', () => {
    const bytes = anyColumns.map((columns) => messageOf([{ labels: EMPTY_LABELS, columns }]));
    assertReadOrRefused(
      damaged(bytes),
      (bytes) => {
        for (const { columns } of [...readSampledSeries(bytes)].filter((series) => series !== undefined))
          for (let i = 1; i < columns.length; i++) assert.ok(columns.t[i]! > columns.t[i - 1]!);
      },
      MessageFormatError,
      { numRuns: 500, seed: 13 },
    );
  });
});

/** The message of an answer. */
function messageOf(...results: readonly (readonly SampledSeries[])[]): Uint8Array {
  return uncompressSnappy(sampledAnswer(...results), 2 ** 30);
}

/** Decodes an answer that protobufjs writes, with one series of these fields. */
function decode(timeseries: object): SampleColumns {
  const message = ReadResponse.fromObject({ results: [{ timeseries: [timeseries] }] });
  const [found] = readSampledSeries(ReadResponse.encode(message).finish());
  return found!.columns;
}

function wordsOf(columns: SampleColumns): Uint8Array {
  return sampleWords(columns, { starts: false });
}
