import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineSplitter } from '../../../../src/backend/prometheus/export/line-splitter.ts';
import { byteByByte } from '../../../support/byte-by-byte.ts';

function linesOf(splitter: LineSplitter, parts: Iterable<Uint8Array>): string[] {
  const lines: string[] = [];
  for (const part of parts) for (const line of splitter.push(part)) lines.push(line.toString());
  return lines;
}

describe('LineSplitter', () => {
  const text = `one\n\n${'two'.repeat(50_000)}\nthree\n`;
  const wanted = text.split('\n').filter((line) => line !== '');

  it('finds the lines of a part, and those that begin in one and end in another', () => {
    for (const size of [1, 5, 4096, text.length]) {
      const splitter = new LineSplitter();
      const count = Math.ceil(text.length / size);
      const parts = Array.from({ length: count }, (_, i) =>
        Buffer.from(text.slice(i * size, (i + 1) * size)),
      );
      assert.deepEqual(linesOf(splitter, parts), wanted);
      splitter.end();
    }
  });

  it('keeps the bytes of a line that has not ended, and not the pieces in which they came', () => {
    const splitter = new LineSplitter();
    assert.deepEqual(linesOf(splitter, byteByByte(Buffer.from(text))), wanted);
    linesOf(splitter, [Buffer.from('x'.repeat(200_000))]);
    assert.ok(splitter.pending >= 200_000 && splitter.pending <= 300_000);
    assert.throws(() => splitter.end(), { message: /ends inside of a line/ });
  });

  it('refuses a line that is too long as soon as that shows', () => {
    const part = Buffer.alloc(1024 * 1024, 'x');
    const splitter = new LineSplitter();
    for (let i = 0; i < 16; i++) linesOf(splitter, [part]);
    assert.throws(() => linesOf(splitter, [Buffer.from('x\n')]), {
      message: /a line of more than 16777216 bytes/,
    });
  });
});
