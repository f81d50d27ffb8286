import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  EMPTY_LABELS,
  labelsFrom,
  labelsFromRecord,
  labelsKey,
  mergeLabels,
  pairsOf,
  valuesKey,
  type Labels,
} from '../../src/model/labels.ts';
import { assertProperty } from '../support/property.ts';

/** Characters that keys are joined with, quoted with or escaped with, and halves of pairs, which JSON can bring. */
const PIECES = ['a', 'b', '\0', '\ud800', '\udc00', '"', ',', '\\', '[', ']', '\\u0000', '["a"]', 'ÿ', '😀'];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }).map((pieces) => pieces.join(''));
const labels = fc.array(fc.tuple(text, text), { maxLength: 3 }).map(labelsFrom);

test('different label sets have different keys, whatever their texts are', () => {
  assertProperty(
    fc.property(fc.array(labels, { minLength: 2, maxLength: 40 }), (sets) => {
      const byText = new Map(sets.map((set) => [JSON.stringify(set), set]));
      assert.equal(new Set([...byText.values()].map(labelsKey)).size, byText.size);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('texts that end in half a character do not run into the next one', () => {
  const one = labelsFrom([['a', 'b\ud800c\ud800d']]);
  const other = labelsFrom([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  assert.notEqual(labelsKey(one), labelsKey(other));
  assert.equal(labelsKey(EMPTY_LABELS), labelsKey(labelsFrom([['a', '']])));
});

test('different values of the same names have different keys', () => {
  const tuples = fc.array(fc.tuple(text, text), { minLength: 2, maxLength: 40 });
  assertProperty(
    fc.property(tuples, fc.constantFrom(['x'], ['x', 'y']), (pairs, names) => {
      const sets = pairs.map(([x, y]): Labels =>
        labelsFrom([
          ['x', x],
          ['y', y],
        ]),
      );
      const byText = new Map(sets.map((set, i) => [JSON.stringify(pairs[i]!.slice(0, names.length)), set]));
      assert.equal(new Set([...byText.values()].map((set) => valuesKey(set, names))).size, byText.size);
    }),
    { seed: 2, numRuns: 2000 },
  );
});

test('a record becomes the label set of its pairs, in whatever order they stand', () => {
  assertProperty(
    fc.property(fc.dictionary(text, text, { maxKeys: 4 }), (record) => {
      assert.deepEqual(labelsFromRecord(record), labelsFrom(Object.entries(record)));
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('merged labels are those of both, and the second ones win', () => {
  assertProperty(
    fc.property(labels, labels, (some, extra) => {
      assert.deepEqual(mergeLabels(some, extra), labelsFrom([...pairsOf(some), ...pairsOf(extra)]));
    }),
    { seed: 4, numRuns: 1000 },
  );
});
