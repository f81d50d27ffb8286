import assert from 'node:assert/strict';
import { HistogramColumn } from '../../src/model/histogram/histogram-column.ts';
import { type Hash, createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import { ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { compactHistogram } from '../../src/model/histogram/compact.ts';
import { type Labels, labelValue, labelsFrom, labelsKey, pairsOf } from '../../src/model/labels.ts';
import { SampleBuffer, type SampleColumns } from '../../src/model/sample-columns.ts';
import { isStale } from '../../src/model/stale.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';
import { decodeReadRequest } from '../../src/wire/remote-read/request.ts';
import { type SampledSeries, readSampledSeries } from '../../src/wire/remote-read/sampled.ts';
import { uncompressSnappy } from '../../src/wire/snappy.ts';
import { RECORDED_RANGE, writtenSeries } from '../recordings/written-series.ts';
import {
  OWN_RECORDING,
  recordedAvailable,
  type Recording,
  recordings,
  SHARED_RECORDING,
} from '../support/recorded.ts';
import { sampleWords } from '../support/sample-words.ts';
import { decodeChunkedResponse } from '../support/decode-messages.ts';
import { splitFrames } from '../support/split-frames.ts';

interface RecordedCall {
  readonly name: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly accepted: string;
}

const STREAMED = ['everything-streamed', 'stale-streamed'];

/** Remote read adds them. */
const EXTERNAL_LABELS: Readonly<Record<string, string>> = { __replica__: 'a', cluster: 'prod', shard: '0' };

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

for (const recording of recordings('remote read of Prometheus 3.14, streamed beside sampled'))
  describe(`what ${recording.name} answered to remote read`, () => {
    it('has the same samples streamed and sampled, for floats', () =>
      compareSampled(recording, 'one-metric-sampled'));

    const skip = recording === OWN_RECORDING && '2.42 leaves native histograms out of plain samples';
    it('has the same samples streamed and sampled, for native histograms', { skip }, () =>
      compareSampled(recording, 'native-sampled'),
    );

    it('keeps stale markers where a series comes and goes', () => {
      const series = streamedSeries(recording, 'stale-streamed');
      const columns = series.map(({ chunks }) => decodeAll(chunks, 0, Infinity));
      assert.ok(columns.some(({ v, length }) => v.subarray(0, length).some(isStale)));
    });

    it('is empty where nothing matched', () => {
      assert.deepEqual(streamedSeries(recording, 'nothing-streamed'), []);
    });

    it('was asked for with requests that decode to what was asked', () => {
      const calls = callsOf(recording);
      assert.ok(calls.length >= 4, `only ${calls.length} calls`);
      for (const call of calls) {
        const { queries, accepted } = decodeReadRequest(
          recording.read(`remote-read/${call.name}.request.bin`),
        );
        const [query] = queries;
        assert.equal(queries.length, 1);
        assert.deepEqual([query?.minTime, query?.maxTime], [call.start_ms, call.end_ms]);
        assert.deepEqual(accepted, [call.accepted === 'SAMPLES' ? 0 : 1]);
      }
    });
  });

describe(`what ${OWN_RECORDING.name} answered to remote read is what was written into it`, () => {
  const written = writtenSeries();
  const answered = new Map(
    streamedSeries(OWN_RECORDING, 'everything-streamed').map(({ labels, chunks }) => [
      labelsKey(labels),
      decodeAll(chunks, -Infinity, Infinity),
    ]),
  );

  it('series for series', () => {
    assert.deepEqual(
      [...answered.keys()].sort(),
      written.map(({ labels }) => labelsKey(withExternalLabels(labels))).sort(),
    );
  });

  it('sample for sample', () => {
    for (const { labels, columns } of written) {
      const found = answered.get(labelsKey(withExternalLabels(labels)))!;
      assert.deepEqual(bitsOf(found), bitsOf(columns), labelsKey(labels));
    }
  });

  it('with floats, native histograms and stale markers among it', () => {
    const all = [...answered.values()];
    const count = (wanted: (columns: SampleBuffer, i: number) => boolean): number =>
      all
        .flatMap((columns) => Array.from({ length: columns.length }, (_, i) => wanted(columns, i)))
        .filter(Boolean).length;
    assert.ok(count(({ h }, i) => h?.at(i) === undefined) > 5000);
    assert.ok(count(({ h }, i) => h?.at(i) !== undefined) > 400);
    assert.ok(count(({ h, v }, i) => h?.at(i) === undefined && isStale(v[i]!)) > 20);
    const times = all.flatMap(({ t, length }) => [t[0]!, t[length - 1]!]);
    assert.ok(Math.min(...times) >= RECORDED_RANGE.start && Math.max(...times) < RECORDED_RANGE.end);
  });
});

describe(
  `what ${SHARED_RECORDING.name} answered to remote read`,
  { skip: !recordedAvailable('remote read of Prometheus 3.14, byte for byte') },
  () => {
    it('decodes sample for sample as Prometheus itself decodes it', () => {
      assert.deepEqual(STREAMED.flatMap(checksums), CHECKSUMS);
    });

    it('has the 561 series of two hours at 15 s, each once', () => {
      const series = streamedSeries(SHARED_RECORDING, 'everything-streamed');
      assert.equal(series.length, 561);
      assert.equal(new Set(series.map(({ labels }) => labelsKey(labels))).size, 561);
      const longest = Math.max(...series.map(({ chunks }) => decodeAll(chunks, 0, Infinity).length));
      assert.equal(longest, (2 * 3600) / 15);
    });
  },
);

function callsOf(recording: Recording): readonly RecordedCall[] {
  return JSON.parse(recording.read('remote-read/index.json').toString()) as readonly RecordedCall[];
}

function streamedSeries(
  recording: Recording,
  name: string,
): { labels: Labels; chunks: readonly EncodedChunk[] }[] {
  const splitter = new FrameSplitter();
  const frames = splitFrames(recording.read(`remote-read/${name}.response.bin`));
  splitter.end();
  return frames.flatMap((frame) => decodeChunkedResponse(frame).series);
}

function sampledSeries(recording: Recording, name: string): readonly SampledSeries[] {
  const body = uncompressSnappy(recording.read(`remote-read/${name}.response.bin`), 1 << 24);
  return [...readSampledSeries(body)].filter((series) => series !== undefined);
}

function decodeAll(chunks: readonly EncodedChunk[], from: number, to: number): SampleBuffer {
  const buffer = new SampleBuffer();
  for (const chunk of chunks) decodeChunk(chunk, buffer, from, to);
  return buffer;
}

function withExternalLabels(labels: Labels): Labels {
  return labelsFrom([...pairsOf(labels), ...Object.entries(EXTERNAL_LABELS)]);
}

/** All bits of the samples but for the hints on resets, which the server finds out, and buckets that it left room for. */
function bitsOf({ length, t, v, h }: SampleColumns): Uint8Array {
  const plain = h?.toArray().map((one) => one && { ...compactHistogram(one), resetHint: ResetHint.unknown });
  return sampleWords(
    { length, t, v, st: undefined, h: plain && HistogramColumn.of(plain) },
    { starts: false },
  );
}

function checksums(name: string): string[] {
  const byEncoding = new Map<number, { hash: Hash; samples: number }>();
  for (const { chunks } of streamedSeries(SHARED_RECORDING, name))
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

function compareSampled(recording: Recording, name: string): void {
  const { start_ms: from, end_ms: to } = callsOf(recording).find((call) => call.name === name)!;
  const streamed = new Map(
    streamedSeries(recording, 'everything-streamed').map(({ labels, chunks }) => [labelsKey(labels), chunks]),
  );
  const sampled = sampledSeries(recording, name);
  assert.ok(sampled.length > 0);
  for (const { labels, columns } of sampled) {
    const expected = decodeAll(streamed.get(labelsKey(labels)) ?? [], from, to);
    assert.ok(columns.length > 0, labelValue(labels, '__name__'));
    // Prometheus does not write a value that equals zero, so that the sign of a zero is lost.
    for (let i = 0; i < expected.length; i++) if (expected.v[i] === 0) expected.v[i] = 0;
    assert.deepEqual(sampleWords(columns, { starts: false }), sampleWords(expected, { starts: false }));
  }
}
