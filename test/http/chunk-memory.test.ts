import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { CHUNK_BYTES, ChunkMemory } from '../../src/http/chunk-memory.ts';
import { toChunks } from '../../src/http/chunks.ts';
import { assertProperty } from '../support/property.ts';

describe('memory of chunks', () => {
  test('is used again once the chunk was sent, in the order in which chunks are sent', () => {
    const memory = new ChunkMemory();
    let unsent = 0;
    memory.reuse(() => unsent);
    const handOut = (): ArrayBufferLike => {
      const chunk = memory.take(CHUNK_BYTES).subarray(0, 1000);
      memory.handOut(chunk);
      unsent += chunk.length;
      return chunk.buffer;
    };
    const [first, second] = [handOut(), handOut()];
    assert.notEqual(second, first);
    unsent = 1001;
    assert.notEqual(memory.take(CHUNK_BYTES).buffer, first);
    unsent = 1000;
    assert.equal(memory.take(CHUNK_BYTES).buffer, first);
    unsent = 0;
    assert.equal(memory.take(CHUNK_BYTES).buffer, second);
  });

  test('is not used again before anybody tells what was sent', () => {
    const memory = new ChunkMemory();
    const chunk = memory.take(CHUNK_BYTES);
    memory.handOut(chunk);
    assert.notEqual(memory.take(CHUNK_BYTES).buffer, chunk.buffer);
  });

  test('of others, and of larger pieces, is left alone', () => {
    const memory = new ChunkMemory();
    memory.reuse(() => 0);
    const others = [new Uint8Array(CHUNK_BYTES), memory.take(CHUNK_BYTES + 1)];
    for (const chunk of others) memory.handOut(chunk);
    const taken = memory.take(CHUNK_BYTES);
    assert.ok(others.every(({ buffer }) => buffer !== taken.buffer));
  });

  test('never changes what was not sent yet, however slowly that goes', () => {
    const texts = fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 30 });
    const sends = fc.infiniteStream(fc.nat({ max: 200_000 }));
    assertProperty(
      fc.property(texts, sends, (lengths, sent) => {
        const pieces = lengths.map((length, i) => String.fromCharCode(0x61 + (i % 26)).repeat(length));
        const memory = new ChunkMemory();
        const waiting: Buffer[] = [];
        memory.reuse(() => waiting.reduce((sum, { length }) => sum + length, 0));
        let received = '';
        const send = (bytes: number): void => {
          for (let left = bytes; left > 0 && waiting.length > 0;) {
            const part = waiting[0]!.subarray(0, left);
            received += part.toString();
            left -= part.length;
            waiting[0] = waiting[0]!.subarray(part.length);
            if (waiting[0].length === 0) waiting.shift();
          }
        };
        for (const chunk of toChunks(pieces, memory)) {
          memory.handOut(chunk);
          waiting.push(chunk);
          send(sent.next().value);
        }
        send(Infinity);
        assert.ok(received === pieces.join(''), 'something else was sent than was made');
      }),
      { seed: 2718, numRuns: 50 },
    );
  });
});
