import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compareStrings } from '../../../src/model/compare-strings.ts';
import { LabelTable } from '../../../src/wire/batch/label-table.ts';
import { MessageFormatError } from '../../../src/wire/message-format-error.ts';
import { assertProperty } from '../../support/property.ts';

const CHARACTERS = {
  unit: fc.constantFrom('a', 'b', '\0', '=', 'ÿ', '€', '😀', '\uffff'),
  maxLength: 4,
};
const LABEL = fc.tuple(fc.string({ ...CHARACTERS, minLength: 1 }), fc.string(CHARACTERS));

/** Reads a label that stands in the middle of other bytes. */
function idIn(table: LabelTable, name: string, value: string, guess?: number): number {
  const bytes = Buffer.from(`x${name}y${value}z`);
  const [nameLength, valueLength] = [Buffer.byteLength(name), Buffer.byteLength(value)];
  return table.id(bytes, 1, nameLength, nameLength + 2, valueLength, guess);
}

test('every label comes back as it was, and equal ones have one id, however they come', () => {
  assertProperty(
    fc.property(fc.array(LABEL, { minLength: 1 }), (labels) => {
      const [table, other] = [new LabelTable(), new LabelTable()];
      const ids = new Map<string, number>();
      for (const [name, value] of [...labels, ...labels]) {
        const guess = table.size === 0 ? -1 : table.size - 1;
        const id = idIn(table, name, value, guess);
        const key = JSON.stringify([name, value]);
        assert.equal(ids.get(key) ?? id, id);
        ids.set(key, id);
        assert.deepEqual([table.name(id), table.value(id)], [name, value]);
        assert.equal(table.idOf(name, value), id);
        assert.equal(table.adopt(other, other.idOf(name, value)), id);
      }
      assert.equal(new Set(ids.values()).size, ids.size);
      assert.equal(table.size, ids.size);
    }),
    { seed: 3 },
  );
});

test('labels are ordered by the bytes of their names, then of their values', () => {
  assertProperty(
    fc.property(LABEL, LABEL, ([nameA, valueA], [nameB, valueB]) => {
      const table = new LabelTable();
      const [a, b] = [table.idOf(nameA, valueA), table.idOf(nameB, valueB)];
      const names = compareStrings(nameA, nameB);
      assert.equal(Math.sign(table.compare(a, b)), Math.sign(names || compareStrings(valueA, valueB)));
      assert.equal(table.isBehind(b, a), names < 0);
      assert.equal(table.isBehind(b, a), names < 0, 'what is remembered is the same');
      assert.equal(table.nameNumber(a) === table.nameNumber(b), nameA === nameB);
    }),
    { seed: 4 },
  );
});

test('labels stay known when the table grows', () => {
  const table = new LabelTable();
  const values = Array.from({ length: 5000 }, (_, i) => `pod-${i}`);
  const ids = values.map((value) => table.idOf('pod', value));
  assert.deepEqual(
    values.map((value) => table.idOf('pod', value)),
    ids,
  );
  assert.ok(table.bytes < 5000 * 70, `${table.bytes} bytes for 5000 labels of 11`);
});

test('labels move to more slots little by little, and all are known at each step', () => {
  const table = new LabelTable();
  const ids: number[] = [];
  let movingSteps = 0;
  for (let i = 0; i < 3000; i++) {
    const before = table.bytes;
    ids.push(table.idOf('pod', `pod-${i}`));
    // The slots that the labels moved from are freed.
    if (table.bytes < before) movingSteps++;
    const known = (i * 7919) % ids.length;
    assert.equal(table.idOf('pod', `pod-${known}`), ids[known]);
  }
  assert.equal(new Set(ids).size, 3000);
  assert.equal(movingSteps, 5, '128 labels of 256 slots, and up to 2048 of 4096');
  for (const [i, id] of ids.entries()) assert.equal(table.idOf('pod', `pod-${i}`), id);
});

test('labels chosen to have one hash cost little more than others, and all come back', () => {
  const values = textsOfOneHash();
  assert.equal(new Set(values).size, 128);
  const { length } = values[0]!;
  let reads = 0;
  const counting: ProxyHandler<Buffer> = {
    get: (bytes, key) => {
      if (typeof key === 'string' && /^\d/.test(key)) reads++;
      return Reflect.get(bytes, key, bytes) as unknown;
    },
  };
  const table = new LabelTable();
  for (const value of [...values, ...values]) {
    const bytes = new Proxy(Buffer.from(`a${value}`), counting);
    const id = table.id(bytes, 0, 1, 1, length);
    assert.equal(table.value(id), value);
  }
  const perLabel = reads / (2 * values.length);
  assert.ok(perLabel < 12 * length, `${perLabel} bytes were read for a label of ${length}`);
});

/**
 * Both texts of a pair take FNV-1a from one state to the same other one, when they stand behind a start and the pairs before
 * them. Where the hash begins elsewhere, as it does in each process, they are texts like others.
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

test('bytes that are no UTF-8 and halves of characters are refused', () => {
  const table = new LabelTable();
  assert.throws(() => table.id(Uint8Array.of(0x61, 0xff), 0, 1, 1, 1), MessageFormatError);
  assert.throws(() => table.idOf('a', '\ud800'), MessageFormatError);
  assert.equal(table.size, 0);
});

test('a label without a name is refused', () => {
  assert.throws(() => idIn(new LabelTable(), '', 'a'), MessageFormatError);
  assert.throws(
    () => new LabelTable().idOf('', 'a'),
    /^MessageFormatError: a series has a label without a name$/,
  );
});
