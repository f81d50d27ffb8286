import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { BitReader } from '../../src/wire/chunk/bit-reader.ts';
import { ChunkFormatError } from '../../src/wire/chunk/chunk-format-error.ts';
import { decodeFloatHistogram } from '../../src/wire/chunk/decode-float-histogram.ts';
import { FLOATS, INTEGERS, decodeHistogramChunk } from '../../src/wire/chunk/decode-histogram-chunk.ts';
import { decodeHistogram } from '../../src/wire/chunk/decode-histogram.ts';
import { decodeHistogramSamples } from '../../src/wire/chunk/decode-histogram-samples.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { readHistogramHeader, readHistogramLayout } from '../../src/wire/chunk/histogram-layout.ts';
import { CHUNK_FIXTURES } from '../support/chunk-fixtures.ts';
import { histogramColumns } from '../support/columns.ts';
import { damaged } from '../support/damaged.ts';
import { assertProperty } from '../support/property.ts';
import { sampleWords } from '../support/sample-words.ts';

const RUNS = { numRuns: 500, seed: 11 };

/** The encodings of histograms, with the decoder that reads them bit by bit. */
const ENCODINGS = [
  { name: 'histogram', kind: INTEGERS, decode: decodeHistogram, starts: false },
  { name: 'floatHistogram', kind: FLOATS, decode: decodeFloatHistogram, starts: false },
  { name: 'histogramWithStart', kind: INTEGERS, decode: decodeHistogram, starts: true },
  { name: 'floatHistogramWithStart', kind: FLOATS, decode: decodeFloatHistogram, starts: true },
] as const;

for (const { name, kind, decode, starts } of ENCODINGS)
  describe(`the WebAssembly decoder of encoding ${name}`, () => {
    const isFloat = kind === FLOATS;
    const fast: Decode = (data, ...rest) => decodeHistogramChunk(data, kind, starts, ...rest);
    const bitByBit: Decode = (data, ...rest) => decode(data, starts, ...rest);
    const recorded = CHUNK_FIXTURES.filter(({ encoding }) => encoding === ChunkEncoding[name]).map(
      ({ data }): Uint8Array => Buffer.from(data, 'base64'),
    );
    // Chunks without start timestamps become some with them: the bits in front of the layout mean something else then.
    const written = histogramColumns(!isFloat)
      .map((columns) =>
        encodeColumns(columns)
          .filter(({ encoding }) => encoding !== ChunkEncoding.xor)
          .map(({ data }) => data),
      )
      .filter((chunks) => chunks.length > 0)
      .chain((chunks) => fc.constantFrom(...chunks));
    const chunk = fc.oneof(fc.constantFrom(...recorded), starts ? written.map(withFewSamples) : written);

    it('agrees with the decoder in JavaScript bit for bit, in any time range', () => {
      const share = fc.double({ min: -0.1, max: 1.1, noNaN: true });
      assertProperty(
        fc.property(chunk, fc.tuple(share, share), (data, shares) => {
          const [minTime, maxTime] = rangeOf(bitByBit, data, shares);
          assert.equal(outcome(fast, data, minTime, maxTime), outcome(bitByBit, data, minTime, maxTime));
        }),
        RUNS,
      );
    });

    it('agrees with it on damaged chunks: on what they hold, and on what is wrong with them', () => {
      const share = fc.double({ min: -0.1, max: 1.1, noNaN: true });
      assertProperty(
        fc.property(damaged(chunk), fc.option(fc.tuple(share, share)), (data, shares) => {
          const range = shares === null ? ([-Infinity, Infinity] as const) : rangeOf(bitByBit, data, shares);
          assert.equal(outcome(fast, data, ...range), outcome(bitByBit, data, ...range));
        }),
        RUNS,
      );
    });

    it('is what reads the recorded chunks', () => {
      assert.ok(recorded.length > 0);
      for (const data of recorded) {
        const reader = new BitReader(data, 0);
        const header = readHistogramHeader(reader, starts);
        const layout = readHistogramLayout(reader);
        const count = decodeHistogramSamples(data, reader, header, layout, isFloat, -Infinity, Infinity);
        assert.equal(count, header.total);
      }
    });

    it('agrees with it on each recorded chunk cut off at each byte', () => {
      for (const data of recorded)
        for (let length = 0; length < data.length; length++) {
          const cut = Uint8Array.from(data.subarray(0, length));
          assert.equal(outcome(fast, cut), outcome(bitByBit, cut));
        }
    });
  });

type Decode = (data: Uint8Array, target: SampleBuffer, minTime: number, maxTime: number) => void;

/** What is decoded behind a sample that is there already, as text; or what is wrong. */
function outcome(decode: Decode, data: Uint8Array, minTime = -Infinity, maxTime = Infinity): string {
  const target = new SampleBuffer();
  target.push(-(2 ** 52), 1);
  try {
    decode(data, target, minTime, maxTime);
  } catch (error) {
    assert.ok(error instanceof ChunkFormatError, String(error));
    return error.message;
  }
  const words = Buffer.from(sampleWords(target, { starts: true })).toString('base64');
  return `${target.length} ${target.st !== undefined} ${words}`;
}

/** Times at these shares of the chunk's. */
function rangeOf(
  decode: Decode,
  data: Uint8Array,
  [from, to]: readonly [number, number],
): readonly [number, number] {
  const target = new SampleBuffer();
  try {
    decode(data, target, -Infinity, Infinity);
  } catch {
    return [-Infinity, Infinity];
  }
  if (target.length === 0) return [-Infinity, Infinity];
  const first = target.t[0]!;
  const length = target.t[target.length - 1]! - first + 1;
  return [Math.floor(first + from * length), Math.floor(first + to * length)];
}

/** Claims fewer samples: what follows each of them as a start timestamp was written as something else. */
function withFewSamples(data: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[0] = 0;
  copy[1] = Math.min(copy[1]!, 3);
  copy[2] = copy[2]! & 0x83;
  return copy;
}
