import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { opened, sealed, sizeInside } from '../../../../src/gateway/results-cache/shared/envelope.ts';

const nameOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const NAME = nameOf('a');
const CONTENTS = Buffer.from('some contents '.repeat(100));

describe('an envelope', () => {
  test('gives back what was put into it, packed', async () => {
    const value = await sealed(NAME, CONTENTS);
    assert.ok(value.length < 200, `${value.length} bytes`);
    assert.equal(sizeInside(NAME, value), CONTENTS.length);
    assert.deepEqual(Buffer.from(await opened(value)), CONTENTS);
  });

  test('may lie anywhere in memory', async () => {
    const value = await sealed(NAME, CONTENTS);
    const moved = Buffer.concat([Buffer.alloc(3), value]).subarray(3);
    assert.equal(sizeInside(NAME, moved), CONTENTS.length);
  });

  test('is none where a single bit differs', async () => {
    const value = await sealed(NAME, CONTENTS);
    for (let bit = 0; bit < value.length * 8; bit++) {
      const damaged = Uint8Array.from(value);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(sizeInside(NAME, damaged), undefined, `bit ${bit}`);
    }
  });

  test('is none where it is cut, has something behind it, or is something else', async () => {
    const value = await sealed(NAME, CONTENTS);
    for (let length = 0; length < value.length; length++)
      assert.equal(sizeInside(NAME, value.subarray(0, length)), undefined, `${length} bytes`);
    assert.equal(sizeInside(NAME, Buffer.concat([value, Buffer.alloc(1)])), undefined);
    assert.equal(sizeInside(NAME, randomBytes(500)), undefined);
  });

  test('is none under another name', async () => {
    assert.equal(sizeInside(nameOf('b'), await sealed(NAME, CONTENTS)), undefined);
  });

  test('is never unpacked to more than it says', async () => {
    const large = await sealed(NAME, Buffer.alloc(1e6));
    new DataView(large.buffer, large.byteOffset).setUint32(8, 100, true);
    await assert.rejects(opened(large));
  });
});
