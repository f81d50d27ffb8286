import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import * as fc from 'fast-check';
import { MessageFormatError } from '../../src/wire/message-format-error.ts';
import { compressSnappy, inflateSnappy, uncompressSnappy } from '../../src/wire/snappy.ts';
import { assertReadOrRefused, damaged } from '../support/damaged.ts';

const text = Buffer.from('up up up up up up up up up');

describe('snappy blocks', () => {
  it('come back as they were, also when they are part of a larger buffer', () => {
    const inside = new Uint8Array([1, 2, ...compressSnappy(text), 3]).subarray(2, -1);
    assert.deepEqual(uncompressSnappy(inside, text.length), text);
  });

  it('come back as they were, whatever their length', () => {
    for (let length = 0; length <= 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      assert.deepEqual(uncompressSnappy(compressSnappy(bytes), length), Buffer.from(bytes));
    }
  });

  it('are refused before they are inflated where they declare too much', () => {
    assert.throws(() => uncompressSnappy(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0), 1000), {
      name: 'MessageFormatError',
      message: 'a snappy block of 6 bytes declares 4294967295 bytes, more than the limit of 1000',
    });
  });

  it('are refused without a length', () => {
    for (const bytes of [[], [0x80], [255, 255, 255, 255, 255, 255]])
      assert.throws(() => uncompressSnappy(Uint8Array.from(bytes), 1000), /is not a snappy block/);
  });

  it('are refused where they are damaged, and never larger than the limit', () => {
    const block = fc.uint8Array({ maxLength: 300 }).map((bytes): Uint8Array => compressSnappy(bytes));
    assertReadOrRefused(
      damaged(block),
      (bytes) => assert.ok(uncompressSnappy(bytes, 100).length <= 100),
      MessageFormatError,
      { numRuns: 500, seed: 6 },
    );
  });
});

test('what is inflated on the thread pool is the same, and refused alike', async () => {
  const bytes = Buffer.from('promweave '.repeat(100_000));
  const block = compressSnappy(bytes);
  assert.deepEqual(await inflateSnappy(block, bytes.length), bytes);
  await assert.rejects(inflateSnappy(block, 10), /more than the limit of 10$/);
  await assert.rejects(inflateSnappy(block.subarray(0, -9), bytes.length), /is damaged: /);
});

test('a few bytes do not claim more than can be in them', () => {
  const claim = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x01, 0x00, 0x61]);
  assert.throws(() => uncompressSnappy(claim, 2 ** 30), /declares 268435456 bytes, more than can be in it$/);
});
