import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { BitReader } from '../../src/wire/chunk/bit-reader.ts';
import { decodeFloatHistogram } from '../../src/wire/chunk/decode-float-histogram.ts';
import { FLOATS, INTEGERS, decodeHistogramChunk } from '../../src/wire/chunk/decode-histogram-chunk.ts';
import { decodeHistogram } from '../../src/wire/chunk/decode-histogram.ts';
import { decodeHistogramSamples } from '../../src/wire/chunk/decode-histogram-samples.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { readHistogramHeader, readHistogramLayout } from '../../src/wire/chunk/histogram-layout.ts';
import { CHUNK_FIXTURES } from '../support/chunk-fixtures.ts';
import { histogramColumns } from '../support/columns.ts';
import { damaged } from '../support/damaged.ts';
import { type Decode, decodeOutcome, rangeWithin } from '../support/decode-outcome.ts';
import { assertProperty } from '../support/property.ts';

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
          const range = rangeWithin(bitByBit, data, shares);
          assert.equal(decodeOutcome(fast, data, range), decodeOutcome(bitByBit, data, range));
        }),
        RUNS,
      );
    });

    it('agrees with it on damaged chunks: on what they hold, and on what is wrong with them', () => {
      const share = fc.double({ min: -0.1, max: 1.1, noNaN: true });
      assertProperty(
        fc.property(damaged(chunk), fc.option(fc.tuple(share, share)), (data, shares) => {
          const range = shares === null ? undefined : rangeWithin(bitByBit, data, shares);
          assert.equal(decodeOutcome(fast, data, range), decodeOutcome(bitByBit, data, range));
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
          assert.equal(decodeOutcome(fast, cut), decodeOutcome(bitByBit, cut));
        }
    });
  });

/** Claims fewer samples: what follows each of them as a start timestamp was written as something else. */
function withFewSamples(data: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[0] = 0;
  copy[1] = Math.min(copy[1]!, 3);
  copy[2] = copy[2]! & 0x83;
  return copy;
}
