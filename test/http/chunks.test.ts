import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { toChunks } from '../../src/http/chunks.ts';
import { assertProperty } from '../support/property.ts';

test('chunks hold the UTF-8 of all pieces', () => {
  assertProperty(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 8000 }))),
      (parts) => {
        const texts = parts.map(([text, times]) => text.repeat(times));
        const pieces = texts.map((text, i) => (i % 2 === 0 ? text : Buffer.from(text)));
        const chunks = [...toChunks(pieces)];
        assert.equal(Buffer.concat(chunks).toString('utf8'), texts.join(''));
        assert.ok(chunks.every(({ length }) => length > 0));
      },
    ),
    { seed: 314, numRuns: 50 },
  );
});

test('chunks are large enough to be worth a write', () => {
  const chunks = [...toChunks(Array.from({ length: 1000 }, () => 'x'.repeat(1000)))];
  assert.ok(chunks.length < 20, `${chunks.length} chunks for a megabyte`);
});

test('a chunk that was handed on is not written to again', () => {
  const chunks = toChunks(['a'.repeat(30_000), 'b'.repeat(30_000)]);
  const first = chunks.next().value as Buffer;
  chunks.next();
  assert.ok(first.every((byte) => byte === 'a'.charCodeAt(0)));
});

test('no pieces make no chunk', () => {
  assert.deepEqual([...toChunks([])], []);
});
