import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { ParseError } from '../../src/promql/parse-error.ts';
import { parse } from '../../src/promql/parse.ts';
import { print } from '../../src/promql/print.ts';
import { randomExpr } from '../support/random-expr.ts';
import { assertProperty } from '../support/property.ts';

const PIECES = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '"',
  "'",
  '`',
  '\\',
  '#',
  '\n',
  '@',
  'é',
  '😀',
  '\ud800',
];
const WORDS = [
  'offset',
  'by',
  'on',
  'bool',
  'group_left',
  'sum',
  'fill(',
  'step()',
  '5m',
  '1e',
  '0x',
  'Inf',
  '=~',
];

const damage = fc.record({
  where: fc.nat(),
  length: fc.nat({ max: 4 }),
  insert: fc.oneof(fc.constantFrom(...PIECES, ...WORDS), fc.string({ maxLength: 2 })),
});

test('a damaged query parses or gives a ParseError, never anything else', () => {
  assertProperty(
    fc.property(randomExpr, fc.array(damage, { minLength: 1, maxLength: 4 }), (expr, damages) => {
      let text = print(expr);
      for (const { where, length, insert } of damages) {
        const from = where % (text.length + 1);
        text = text.slice(0, from) + insert + text.slice(from + length);
      }
      try {
        print(parse(text, ALL_FEATURES));
      } catch (thrown) {
        assert.ok(thrown instanceof ParseError, `${JSON.stringify(text)}: ${String(thrown)}`);
        assert.match(thrown.message, /^(?:\d+:\d+|unknown position): parse error: /);
      }
    }),
    { seed: 31_401, numRuns: 5000, endOnFailure: true },
  );
});
