import assert from 'node:assert/strict';
import { type Hash, createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import { type Labels, labelValue, labelsKey } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { isStale } from '../../src/model/stale.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import { decodeReadRequest } from '../../src/wire/remote-read/request.ts';
import { type SampledSeries, decodeReadResponse } from '../../src/wire/remote-read/sampled.ts';
import { decodeChunkedResponse } from '../../src/wire/remote-read/streamed.ts';
import { uncompressSnappy } from '../../src/wire/snappy.ts';
import { readRecorded, recordedAvailable } from '../support/recorded.ts';
import { sampleWords } from '../support/sample-words.ts';

interface RecordedCall {
  readonly name: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly accepted: string;
}

const STREAMED = ['everything-streamed', 'stale-streamed'];

/**
 * SHA-256 over all samples by recorded answer and chunk encoding, laid out as `sampleWords` does, in the order of the
 * frames. Obtained from the same bytes with the decoder of Prometheus 3.14 itself: storage/remote.ChunkedReader and
 * the iterators of tsdb/chunkenc, in a Go program.
 */
const CHECKSUMS = [
  'everything-streamed: encoding 1, 259967 samples, 9e60715b2b66f3250e6d6c7bf2d70549820a0b929a8b1c082c8dc731c96ed837',
  'everything-streamed: encoding 2, 8640 samples, 693ddee2f455e9ab241f5fc3622948900e4a1f938f69cff7e6fb9455925968a7',
  'stale-streamed: encoding 1, 376 samples, bbf31aa6dd1420af2873e1f680924eca922cc6000cb438f6bc613e4520156d4c',
];

describe('what a real Prometheus answered to remote read', { skip: !recordedAvailable() }, () => {
  it('decodes sample for sample as Prometheus itself decodes it', () => {
    assert.deepEqual(STREAMED.flatMap(checksums), CHECKSUMS);
  });

  it('has the 561 series of two hours at 15 s, each once', () => {
    const series = streamedSeries('everything-streamed');
    assert.equal(series.length, 561);
    assert.equal(new Set(series.map(({ labels }) => labelsKey(labels))).size, 561);
    const longest = Math.max(...series.map(({ chunks }) => decodeAll(chunks, 0, Infinity).length));
    assert.equal(longest, (2 * 3600) / 15);
  });

  it('has the same samples streamed and sampled, for floats', () => compareSampled('one-metric-sampled'));

  it('has the same samples streamed and sampled, for native histograms', () =>
    compareSampled('native-sampled'));

  it('keeps stale markers where a series comes and goes', () => {
    const columns = streamedSeries('stale-streamed').map(({ chunks }) => decodeAll(chunks, 0, Infinity));
    assert.ok(columns.some(({ v, length }) => v.subarray(0, length).some(isStale)));
  });

  it('is empty where nothing matched', () => {
    assert.deepEqual(streamedSeries('nothing-streamed'), []);
  });

  it('was asked for with requests that decode to what was asked', () => {
    for (const call of calls()) {
      const { queries, accepted } = decodeReadRequest(readRecorded(`remote-read/${call.name}.request.bin`));
      const [query] = queries;
      assert.equal(queries.length, 1);
      assert.deepEqual([query?.minTime, query?.maxTime], [call.start_ms, call.end_ms]);
      assert.deepEqual(accepted, [call.accepted === 'SAMPLES' ? 0 : 1]);
    }
  });
});

function calls(): readonly RecordedCall[] {
  return JSON.parse(readRecorded('remote-read/index.json').toString()) as readonly RecordedCall[];
}

function streamedSeries(name: string): { labels: Labels; chunks: readonly EncodedChunk[] }[] {
  const splitter = new FrameSplitter();
  const frames = splitter.push(readRecorded(`remote-read/${name}.response.bin`));
  splitter.end();
  return frames.flatMap((frame) => decodeChunkedResponse(frame).series);
}

function sampledSeries(name: string): readonly SampledSeries[] {
  const body = uncompressSnappy(readRecorded(`remote-read/${name}.response.bin`), 1 << 24);
  return decodeReadResponse(body).flatMap(({ series }) => series);
}

function decodeAll(chunks: readonly EncodedChunk[], from: number, to: number): SampleBuffer {
  const buffer = new SampleBuffer();
  for (const chunk of chunks) decodeChunk(chunk, buffer, from, to);
  return buffer;
}

function checksums(name: string): string[] {
  const byEncoding = new Map<number, { hash: Hash; samples: number }>();
  for (const { chunks } of streamedSeries(name))
    for (const chunk of chunks) {
      const { encoding } = chunk;
      const total = byEncoding.get(encoding) ?? { hash: createHash('sha256'), samples: 0 };
      const columns = decodeAll([chunk], -Infinity, Infinity);
      total.hash.update(sampleWords(columns, { starts: false }));
      total.samples += columns.length;
      byEncoding.set(encoding, total);
    }
  return [...byEncoding].map(
    ([encoding, { hash, samples }]) =>
      `${name}: encoding ${encoding}, ${samples} samples, ${hash.digest('hex')}`,
  );
}

function compareSampled(name: string): void {
  const { start_ms: from, end_ms: to } = calls().find((call) => call.name === name)!;
  const streamed = new Map(
    streamedSeries('everything-streamed').map(({ labels, chunks }) => [labelsKey(labels), chunks]),
  );
  const sampled = sampledSeries(name);
  assert.ok(sampled.length > 0);
  for (const { labels, columns } of sampled) {
    const expected = decodeAll(streamed.get(labelsKey(labels)) ?? [], from, to);
    assert.ok(columns.length > 0, labelValue(labels, '__name__'));
    assert.deepEqual(sampleWords(columns, { starts: false }), sampleWords(expected, { starts: false }));
  }
}
