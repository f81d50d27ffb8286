import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { decodeXor2Chunk } from '../../src/wire/chunk/decode-xor2-chunk.ts';
import { decodeXor2 } from '../../src/wire/chunk/decode-xor2.ts';
import { CHUNK_FIXTURES } from '../support/chunk-fixtures.ts';
import { damaged } from '../support/damaged.ts';
import { decodeOutcome, rangeWithin } from '../support/decode-outcome.ts';
import { assertProperty } from '../support/property.ts';

const RUNS = { numRuns: 2000, seed: 12 };

const recorded = CHUNK_FIXTURES.filter(({ encoding }) => encoding === ChunkEncoding.xor2).map(
  ({ data }): Uint8Array => Buffer.from(data, 'base64'),
);
/** Few samples of any bits: whatever they are, a decoder can read some. */
const anyBits = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 0x80, 1, 0x82), fc.uint8Array({ maxLength: 120 }))
  .map(([count, starts, bytes]) => Uint8Array.of(0, count, starts, ...bytes));
const chunk = fc.oneof(fc.constantFrom(...recorded), anyBits);
const share = fc.double({ min: -0.1, max: 1.1, noNaN: true });

describe('the WebAssembly decoder of XOR2 chunks', () => {
  it('agrees with the decoder in JavaScript bit for bit, in any time range', () => {
    assertProperty(
      fc.property(chunk, fc.tuple(share, share), (data, shares) => {
        const range = rangeWithin(decodeXor2, data, shares);
        assert.equal(decodeOutcome(decodeXor2Chunk, data, range), decodeOutcome(decodeXor2, data, range));
      }),
      RUNS,
    );
  });

  it('agrees with it on damaged chunks: on what they hold, and on what is wrong with them', () => {
    assertProperty(
      fc.property(damaged(chunk), (data) => {
        assert.equal(decodeOutcome(decodeXor2Chunk, data), decodeOutcome(decodeXor2, data));
      }),
      RUNS,
    );
  });

  it('agrees with it on each recorded chunk cut off at each byte', () => {
    assert.ok(recorded.length > 0);
    for (const data of recorded)
      for (let length = 0; length < data.length; length++) {
        const cut = Uint8Array.from(data.subarray(0, length));
        assert.equal(decodeOutcome(decodeXor2Chunk, cut), decodeOutcome(decodeXor2, cut));
      }
  });
});
