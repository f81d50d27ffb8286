import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareStrings } from '../../src/model/compare-strings.ts';
import { PackedTexts } from '../../src/model/packed-texts.ts';
import { assertProperty } from '../support/property.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });

function packed(texts: readonly string[]): PackedTexts {
  const list = new PackedTexts();
  for (const one of texts) list.addText(one);
  return list;
}

test('texts come out as they went in, by their places and in a row', () => {
  assertProperty(
    fc.property(fc.array(text, { maxLength: 200 }), (texts) => {
      const list = packed(texts);
      assert.equal(list.length, texts.length);
      assert.deepEqual([...list], texts);
      assert.deepEqual(
        texts.map((_, i) => list.at(i)),
        texts,
      );
      assert.deepEqual([list.at(-1), list.at(texts.length)], [undefined, undefined]);
    }),
    { seed: 51 },
  );
});

test('two texts compare as strings do by their UTF-8', () => {
  assertProperty(
    fc.property(text, text, fc.nat(3), (one, rest, common) => {
      const other = one.slice(0, common) + rest;
      const order = packed([one]).compare(0, packed(['', other]), 1);
      // Halves of characters have no UTF-8.
      if (other.isWellFormed()) assert.equal(Math.sign(order), Math.sign(compareStrings(one, other)));
    }),
    { seed: 52 },
  );
});

test('texts that are as large as a block, larger and empty stand beside each other', () => {
  const block = 2 ** 20;
  const texts = ['a', 'b'.repeat(block), '', 'c'.repeat(3 * block), '', 'd'.repeat(block - 1), '', 'e'];
  const list = packed(texts);
  assert.deepEqual([...list], texts);
  const copy = new PackedTexts();
  for (let i = 0; i < list.length; i++) copy.addOf(list, i);
  assert.deepEqual([...copy], texts);
});

test('many short texts take a few bytes more than their own', () => {
  const list = packed(Array.from({ length: 200_000 }, (_, i) => `value-${i}`));
  const own = [...list].reduce((sum, one) => sum + one.length, 0);
  assert.ok(list.bytes < own + 200_000 * 8 + 2 ** 20, `${list.bytes} bytes for ${own}`);
});

test('a list has no more than so many blocks', () => {
  const list = new PackedTexts(2);
  const large = 'a'.repeat(2 ** 20);
  list.addText(large);
  list.addText(large);
  assert.throws(() => list.addText(''), {
    kind: 'too_large',
    message: 'a list of texts is larger than the 4 GiB that can be held of one; ask for less',
  });
});
