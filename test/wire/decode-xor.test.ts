import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { ChunkFormatError } from '../../src/wire/chunk/chunk-format-error.ts';
import { decodeXor } from '../../src/wire/chunk/decode-xor.ts';
import { encodeXor } from '../../src/wire/chunk/encode-xor.ts';
import { floatColumns } from '../support/columns.ts';
import { decodeXorBitByBit } from '../support/decode-xor-bit-by-bit.ts';
import { damaged } from '../support/damaged.ts';
import { sampleWords } from '../support/sample-words.ts';
import { assertProperty } from '../support/property.ts';

const RUNS = { numRuns: 500, seed: 2 };
const chunk = floatColumns.map((columns) => encodeXor(columns, 0, columns.length));

describe('the WebAssembly decoder of XOR chunks', () => {
  it('agrees with the reference bit for bit, in any time range', () => {
    const range = fc.tuple(fc.integer({ min: -100, max: 400 }), fc.integer({ min: -100, max: 400 }));
    assertProperty(
      fc.property(chunk, range, (data, [from, to]) => {
        const start = firstTime(data);
        const minTime = start + from * 15_000;
        const maxTime = start + to * 15_000;
        assert.deepEqual(
          outcome(decodeXor, data, minTime, maxTime),
          outcome(decodeXorBitByBit, data, minTime, maxTime),
        );
      }),
      RUNS,
    );
  });

  it('agrees with the reference on which damaged chunks are refused, and on what the others hold', () => {
    assertProperty(
      fc.property(damaged(chunk), (data) => {
        assert.deepEqual(outcome(decodeXor, data), outcome(decodeXorBitByBit, data));
      }),
      RUNS,
    );
  });

  it('takes a chunk of as many samples as a chunk can have, at their largest', () => {
    const length = 65535;
    const t = Float64Array.from({ length }, (_, i) => i * i * i);
    const v = Float64Array.from({ length }, (_, i) => (i % 2 === 0 ? -Math.PI / (i + 1) : 1 / (i + 7)));
    const columns = { length, t, v, h: undefined, st: undefined };
    const target = new SampleBuffer();
    decodeXor(encodeXor(columns, 0, length), target, -Infinity, Infinity);
    assert.deepEqual(sampleWords(target, { starts: false }), sampleWords(columns, { starts: false }));
  });

  it('says the same of a chunk that was cut off, whatever its memory held before', () => {
    const buffer = new SampleBuffer();
    for (const t of [0, 1000, 1e12, 1e12 + 1000, 3e12]) buffer.push(t, Math.sqrt(t));
    const whole = encodeXor(buffer, 0, buffer.length);
    const saidBehind = (before: number, cut: Uint8Array): string => {
      // What it holds or is refused for does not matter.
      outcome(decodeXor, new Uint8Array(200).fill(before));
      try {
        decodeXor(cut, new SampleBuffer(), -Infinity, Infinity);
        return 'nothing';
      } catch (thrown) {
        return String(thrown);
      }
    };
    for (let length = 2; length < whole.length; length++)
      for (const before of [0, 0x55, 0xaa, 0xff])
        assert.match(saidBehind(before, whole.subarray(0, length)), /ends in the middle of a sample$/);
  });

  it('is not led astray by what a longer chunk has left in its memory', () => {
    const columns = (length: number): SampleBuffer => {
      const buffer = new SampleBuffer();
      for (let i = 0; i < length; i++) buffer.push(i * 1000, i);
      return buffer;
    };
    const target = new SampleBuffer();
    decodeXor(encodeXor(columns(120), 0, 120), target, 0, Infinity);
    const short = encodeXor(columns(60), 0, 60);
    assert.throws(() => decodeXor(short.subarray(0, 50), target, 0, Infinity), ChunkFormatError);
    assert.equal(target.length, 120);
  });
});

type Decode = typeof decodeXor;

function outcome(decode: Decode, data: Uint8Array, minTime = -Infinity, maxTime = Infinity): string {
  const target = new SampleBuffer();
  try {
    decode(data, target, minTime, maxTime);
  } catch (error) {
    assert.ok(error instanceof ChunkFormatError, String(error));
    return 'refused';
  }
  return Buffer.from(sampleWords(target, { starts: false })).toString('base64');
}

function firstTime(data: Uint8Array): number {
  const target = new SampleBuffer();
  decodeXorBitByBit(data, target, -Infinity, Infinity);
  return target.t[0]!;
}
