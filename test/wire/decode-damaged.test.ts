import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { CUSTOM_BUCKETS_SCHEMA } from '../../src/model/histogram/float-histogram.ts';
import { BitWriter } from '../../src/wire/chunk/bit-writer.ts';
import { ChunkFormatError } from '../../src/wire/chunk/chunk-format-error.ts';
import { decodeChunk, isKnownEncoding } from '../../src/wire/chunk/decode.ts';
import { assertReadOrRefused, damaged } from '../support/damaged.ts';

const fixtures = JSON.parse(
  readFileSync(new URL('fixtures/chunks.json', import.meta.url), 'utf8'),
) as readonly { readonly encoding: number; readonly data: string }[];

const ENCODINGS = Object.entries(ChunkEncoding).filter(([name]) => name !== 'unknown');

describe('a damaged chunk', () => {
  for (const [name, encoding] of ENCODINGS)
    it(`of encoding ${name} gives samples or a ChunkFormatError, and no more samples than it declares`, () => {
      const whole = fixtures
        .filter((one) => one.encoding === encoding)
        .map(({ data }) => Buffer.from(data, 'base64'));
      assert.ok(whole.length > 0);
      assertReadOrRefused(
        damaged(fc.constantFrom(...whole)),
        (data) => checkSamples(encoding, data),
        ChunkFormatError,
        { numRuns: 1000, seed: 3 },
      );
    });

  for (const [name, encoding] of ENCODINGS) {
    it(`of encoding ${name} that claims 65535 samples in ten bytes is refused`, () => {
      const data = Uint8Array.of(255, 255, 0, 0, 0, 0, 0, 0, 0, 0);
      assert.throws(() => decodeAll(encoding, data), ChunkFormatError);
    });

    it(`of encoding ${name} made of random bytes gives samples or a ChunkFormatError`, () => {
      // A count as great as random bytes make it is refused at once: these claim samples that there may be.
      const claim = fc.integer({ min: 1, max: 3 }).map((count) => Uint8Array.of(0, count));
      const bytes = fc
        .tuple(claim, fc.uint8Array({ minLength: 10, maxLength: 200 }))
        .map((parts) => Buffer.concat(parts));
      assertReadOrRefused(bytes, (data) => checkSamples(encoding, data), ChunkFormatError, {
        numRuns: 1000,
        seed: 4,
      });
    });

    it(`of encoding ${name} with no bytes at all is refused`, () => {
      assert.throws(() => decodeAll(encoding, new Uint8Array(0)), ChunkFormatError);
    });
  }

  it('leaves what was decoded before as it was, and nothing of its own', () => {
    const encoding = ChunkEncoding.histogramWithStart;
    const whole = Buffer.from(fixtures.find((one) => one.encoding === encoding)!.data, 'base64');
    const target = new SampleBuffer();
    target.push(1, 2);
    const cut = { encoding, minTime: 0, maxTime: 0, data: whole.subarray(0, whole.length - 3) };
    assert.throws(() => decodeChunk(cut, target, -Infinity, Infinity), ChunkFormatError);
    target.push(2, 3);
    assert.equal(target.length, 2);
    assert.deepEqual([target.t[0], target.v[0], target.t[1], target.v[1]], [1, 2, 2, 3]);
    assert.deepEqual([target.h?.at(1), target.st?.[1]], [undefined, 0]);
  });

  it('of an encoding that is yet to be invented is refused by its number', () => {
    assert.equal(isKnownEncoding(42), false);
    assert.throws(() => decodeAll(42, new Uint8Array(10)), {
      name: 'ChunkFormatError',
      kind: 'execution',
      message: 'a chunk from 0 to 0 has encoding 42, which is unknown here',
    });
  });
});

describe('a histogram chunk is refused before memory is taken for', () => {
  it('more spans than it has bits for', () => {
    assertRefused(/claims 1000000 spans/, (writer) => {
      writer.varbitInt(0);
      writer.varbitUint(1_000_000);
    });
  });

  it('more buckets than it has bits for', () => {
    assertRefused(/claims 4000000000 buckets/, (writer) => {
      writer.varbitInt(0);
      writer.varbitUint(1);
      writer.varbitUint(4_000_000_000);
      writer.varbitInt(0);
      writer.varbitUint(0);
    });
  });

  it('more custom bounds than it has bits for', () => {
    assertRefused(/claims 1000000 custom bounds/, (writer) => {
      writer.varbitInt(CUSTOM_BUCKETS_SCHEMA);
      writer.varbitUint(0);
      writer.varbitUint(0);
      writer.varbitUint(1_000_000);
    });
  });
});

describe('a histogram chunk is refused because of', () => {
  it('a schema that Prometheus does not know', () => {
    assertRefused(/the unknown schema 53/, (writer) => {
      writer.varbitInt(53);
      writer.varbitUint(0);
      writer.varbitUint(0);
    });
  });

  it('a custom bucket beyond its bounds', () => {
    assertRefused(/custom buckets 3 to 3 and 0 negative ones on 1 bounds/, (writer) => {
      writer.varbitInt(CUSTOM_BUCKETS_SCHEMA);
      writer.varbitUint(1);
      writer.varbitUint(1);
      writer.varbitInt(3);
      writer.varbitUint(0);
      writer.varbitUint(1);
      writer.varbitUint(1001);
    });
  });
});

/** Puts the count, the flags and a zero threshold in front of what `write` writes, and a few bytes behind it. */
function assertRefused(message: RegExp, write: (writer: BitWriter) => void): void {
  const writer = new BitWriter();
  writer.bits(1, 16);
  writer.bits(0, 16);
  write(writer);
  writer.bits(0, 32);
  assert.throws(() => decodeAll(ChunkEncoding.histogram, writer.finish()), {
    name: 'ChunkFormatError',
    message,
  });
}

function decodeAll(encoding: number, data: Uint8Array): SampleBuffer {
  const target = new SampleBuffer();
  decodeChunk({ encoding, minTime: 0, maxTime: 0, data }, target, -Infinity, Infinity);
  return target;
}

function checkSamples(encoding: number, data: Uint8Array): void {
  const { length, t } = decodeAll(encoding, data);
  assert.ok(length <= (data[0]! << 8) + data[1]!);
  for (let i = 0; i < length; i++) assert.ok(Number.isSafeInteger(t[i]) && (i === 0 || t[i]! > t[i - 1]!));
}
