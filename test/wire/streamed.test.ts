import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { labelsFromRecord, labelsToRecord } from '../../src/model/labels.ts';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import {
  type ChunkedSeries,
  encodeChunkedFrames,
  readChunkedResponse,
} from '../../src/wire/remote-read/streamed.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';
import { ProtoReader } from '../../src/wire/protobuf/proto-reader.ts';
import { delimited } from '../support/hostile/messages.ts';
import { assertReadOrRefused, damaged } from '../support/damaged.ts';
import { prometheusProto } from '../support/proto.ts';
import { isKnownEncoding } from '../../src/wire/chunk/decode.ts';
import { decodeChunkedResponse, type DecodedChunkedResponse } from '../support/decode-messages.ts';
import { splitFrames } from '../support/split-frames.ts';

const ChunkedReadResponse = prometheusProto().lookupType('prometheus.ChunkedReadResponse');

const chunk = (i: number) => ({
  encoding: 1,
  minTime: i * 100 - 50,
  maxTime: i * 100,
  data: Uint8Array.of(i, i, i),
});
const series: readonly ChunkedSeries[] = [
  { labels: labelsFromRecord({ __name__: 'up', instance: 'a' }), chunks: [chunk(0), chunk(1), chunk(2)] },
  { labels: labelsFromRecord({ __name__: 'up', instance: 'größer' }), chunks: [chunk(3)] },
];

describe('streamed remote-read answers', () => {
  it('decode to the series that were encoded, one a frame', () => {
    assert.deepEqual(
      messagesOf(series).map((message) => plain(decodeChunkedResponse(message))),
      series.map((one) => plain({ queryIndex: 0, series: [one] })),
    );
  });

  it('split a series where its chunks exceed the size of a frame', () => {
    const messages = messagesOf(series, 3, 6).map((message) => decodeChunkedResponse(message));
    assert.deepEqual(
      messages.map(({ queryIndex, series: [one] }) => [queryIndex, one!.chunks.length]),
      [
        [3, 2],
        [3, 1],
        [3, 1],
      ],
    );
  });

  it('are the same where a message of several series is read a part at a time', () => {
    const message = Buffer.concat(messagesOf([...series, ...series.toReversed()], 7));
    const whole = new SeriesBatch();
    assert.equal(readChunkedResponse(new ProtoReader(message), whole).queryIndex, 7);
    for (const most of [1, 20, 90]) {
      const batch = new SeriesBatch();
      const reader = new ProtoReader(message);
      let parts = 0;
      for (; !reader.isAtEnd; parts++) {
        const from = reader.position;
        readChunkedResponse(reader, batch, most);
        assert.ok(reader.position > from && reader.position < from + most + 100);
      }
      assert.deepEqual([...batch], [...whole]);
      assert.ok(parts > 1 + 300 / (most + 100), `${parts} parts`);
    }
  });

  it('are refused where a series has millions of fields, known ones or not', () => {
    for (const field of [Buffer.from([0x78, 0]), Buffer.from([0x0a, 0])]) {
      const message = delimited(1, Buffer.alloc(2_000_001 * 2, field));
      assert.throws(() => readChunkedResponse(new ProtoReader(message), new SeriesBatch()), {
        name: 'MessageFormatError',
        message: /is one too many of those that are read at a stretch/,
      });
    }
  });

  it('have no frame for a series without chunks', () => {
    assert.deepEqual(messagesOf([{ labels: series[0]!.labels, chunks: [] }]), []);
  });

  it('are what proto/prometheus says', () => {
    const [message] = messagesOf(series.slice(1), 4);
    const decoded = ChunkedReadResponse.toObject(ChunkedReadResponse.decode(message!), {
      longs: Number,
      enums: String,
    });
    assert.deepEqual(decoded, {
      chunkedSeries: [
        {
          labels: [
            { name: '__name__', value: 'up' },
            { name: 'instance', value: 'größer' },
          ],
          chunks: [{ minTimeMs: 250, maxTimeMs: 300, type: 'XOR', data: Uint8Array.of(3, 3, 3) }],
        },
      ],
      queryIndex: 4,
    });
  });

  it('tell an encoding that is not known', () => {
    const [first] = series;
    const strange = { ...first!, chunks: first!.chunks.map((chunk) => ({ ...chunk, encoding: 99 })) };
    const [message] = messagesOf([strange]);
    assert.equal(decodeChunkedResponse(message!).unknownEncoding, 99);
    assert.equal(decodeChunkedResponse(messagesOf(series)[0]!).unknownEncoding, undefined);
  });

  it('take chunks whose end is open, as far as int64 goes', () => {
    const chunks = [{ minTimeMs: 1, maxTimeMs: '9223372036854775807', type: 1, data: Uint8Array.of(0, 0) }];
    const bytes = ChunkedReadResponse.encode(
      ChunkedReadResponse.fromObject({ chunkedSeries: [{ chunks }] }),
    ).finish();
    assert.equal(decodeChunkedResponse(bytes).series[0]!.chunks[0]!.maxTime, 2 ** 63);
  });

  it('sort labels that come unsorted and leave out empty ones', () => {
    const labels = [
      { name: 'b', value: '2' },
      { name: 'c', value: '' },
      { name: 'a', value: '1' },
    ];
    const bytes = ChunkedReadResponse.encode(
      ChunkedReadResponse.create({
        chunkedSeries: [{ labels, chunks: [{ type: 1, data: Uint8Array.of(0, 0) }] }],
      }),
    ).finish();
    assert.deepEqual(decodeChunkedResponse(bytes).series[0]!.labels, ['a', '1', 'b', '2']);
  });

  it('are refused with a MessageFormatError where they are damaged, if at all', () => {
    assertReadOrRefused(
      damaged(fc.constantFrom(...messagesOf(series))),
      (bytes) => {
        const { series, unknownEncoding } = decodeChunkedResponse(bytes);
        for (const { chunks } of series)
          for (const { encoding } of chunks)
            assert.ok(isKnownEncoding(encoding) || unknownEncoding !== undefined);
      },
      MessageFormatError,
      { numRuns: 1000, seed: 11 },
    );
  });
});

function messagesOf(
  series: readonly ChunkedSeries[],
  queryIndex?: number,
  maxFrameBytes?: number,
): Uint8Array[] {
  const splitter = new FrameSplitter();
  return [...encodeChunkedFrames(series, queryIndex, maxFrameBytes)].flatMap((frame) =>
    splitFrames(frame, splitter),
  );
}

function plain({ queryIndex, series }: Pick<DecodedChunkedResponse, 'queryIndex' | 'series'>): unknown {
  return {
    queryIndex,
    series: series.map(({ labels, chunks }) => ({
      labels: labelsToRecord(labels),
      chunks: chunks.map((one) => ({ ...one, data: [...one.data] })),
    })),
  };
}
