import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toChunks } from '../../../src/http/chunks.ts';
import { encodeList } from '../../../src/http/json/object.ts';
import { encodeString } from '../../../src/http/json/text.ts';
import { encodeTexts } from '../../../src/http/json/texts.ts';
import type { ItemList } from '../../../src/model/lazy-list.ts';
import { PackedTexts } from '../../../src/model/packed-texts.ts';
import { assertProperty } from '../../support/property.ts';

const sent = (texts: ItemList<string>): string => Buffer.concat([...toChunks(encodeTexts(texts))]).toString();

test('packed texts are sent as others are', () => {
  const short = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', 'a', '<b>', 'a&b', '"', '\\', '\u0001', '\u2028', '\u2029', '\u2030', 'ä', '😀'),
  );
  const long = fc.tuple(short, fc.constantFrom(100, 16_384, 100_000)).map(([a, n]) => a + 'x'.repeat(n));
  const text = fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: long });
  assertProperty(
    fc.property(fc.array(text, { maxLength: 100 }), (texts) => {
      const packed = new PackedTexts();
      for (const one of texts) packed.addText(one);
      const expected = [...encodeList(texts, encodeString)].join('');
      assert.equal(sent(packed), expected);
      assert.equal(sent(texts), expected);
    }),
    { seed: 53 },
  );
});

test('as many texts as fill several pieces are sent whole', () => {
  const packed = new PackedTexts();
  for (let i = 0; i < 50_000; i++) packed.addText(`value-${i}`);
  assert.deepEqual(JSON.parse(sent(packed)), [...packed]);
});
