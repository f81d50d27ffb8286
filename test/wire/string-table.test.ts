import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { StringTable } from '../../src/wire/protobuf/string-table.ts';
import { assertProperty } from '../support/property.ts';

/** Reads a text that stands in the middle of other bytes. */
function read(table: StringTable, text: string): string {
  const bytes = Buffer.from(`x${text}y`);
  return table.text(bytes, 1, bytes.length - 2);
}

test('every text comes back as it was, however often and among how many', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'ÿ', '€', '😀') }), {
    minLength: 1,
  });
  assertProperty(
    fc.property(texts, (texts) => {
      const table = new StringTable();
      for (const text of [...texts, ...texts]) assert.equal(read(table, text), text);
    }),
    { seed: 3 },
  );
});

test('texts stay known when the table grows', () => {
  const table = new StringTable();
  const texts = Array.from({ length: 5000 }, (_, i) => `pod-${i}`);
  for (const text of texts) read(table, text);
  for (const text of texts) assert.equal(read(table, text), text);
});

test('bytes that are no UTF-8 become replacement characters', () => {
  assert.equal(new StringTable().text(Uint8Array.of(0x61, 0xff), 0, 2), 'a\ufffd');
});
