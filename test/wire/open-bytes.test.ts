import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpenBytes } from '../../src/wire/open-bytes.ts';
import { byteByByte } from '../support/byte-by-byte.ts';

describe('OpenBytes', () => {
  it('joins pieces of any size, one thing after the other', () => {
    const open = new OpenBytes();
    for (const text of ['', 'a', 'bc'.repeat(5000), 'd'])
      for (const size of [1, 7, 4096]) {
        for (let at = 0; at < text.length; at += size) open.push(Buffer.from(text.slice(at, at + size)));
        assert.equal(open.length, text.length);
        assert.equal(open.close().toString(), text);
        assert.equal(open.length, 0);
      }
  });

  it('keeps bytes and no pieces, and tells of all memory that it takes', () => {
    const open = new OpenBytes();
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i);
    for (const piece of byteByByte(bytes)) open.push(piece);
    assert.ok(open.held >= bytes.length && open.held <= 1.5 * bytes.length, `${open.held} bytes`);
    assert.deepEqual(Uint8Array.from(open.close()), bytes);
  });
});
