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

test('texts chosen to have one hash cost little more than others, and all come back', () => {
  const texts = textsOfOneHash();
  assert.equal(new Set(texts).size, 128);
  const { length } = texts[0]!;
  let reads = 0;
  const counting: ProxyHandler<Buffer> = {
    get: (bytes, key) => {
      if (typeof key === 'string' && /^\d/.test(key)) reads++;
      return Reflect.get(bytes, key, bytes) as unknown;
    },
  };
  const table = new StringTable();
  for (const text of [...texts, ...texts]) {
    const bytes = new Proxy(Buffer.from(text), counting);
    assert.equal(table.text(bytes, 0, length), text);
  }
  const perText = reads / (2 * texts.length);
  assert.ok(perText < 12 * length, `${perText} bytes were read for a text of ${length}`);
});

/**
 * Both texts of a pair take FNV-1a from one state to the same other one, when they stand behind the start and the pairs
 * before them; so all 128 ways of choosing have one hash.
 */
const START = 'a'.repeat(40);
const PAIRS = [
  ['182jueb', '1g64iwg'],
  ['0j0c32z', '0pjnmh9'],
  ['100l7js', '0may6i3'],
  ['1ddo14d', '0krgalb'],
  ['10z6tws', '150knqy'],
  ['0vfmb4d', '14vgg2r'],
  ['1avt43g', '1vu98wf'],
];

function textsOfOneHash(): readonly string[] {
  return PAIRS.reduce((texts, pair) => texts.flatMap((text) => pair.map((block) => text + block)), [START]);
}

test('bytes that are no UTF-8 become replacement characters', () => {
  assert.equal(new StringTable().text(Uint8Array.of(0x61, 0xff), 0, 2), 'a\ufffd');
});
