import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDurationToken } from '../../../src/promql/literal/parse-duration.ts';
import { parseNumber } from '../../../src/promql/literal/parse-number.ts';
import { unquote } from '../../../src/promql/literal/unquote.ts';
import { shiftDecimal } from '../../../src/promql/parse/parse-duration-expr.ts';

describe('numbers are read as Go reads them', () => {
  const numbers: readonly (readonly [text: string, value: number])[] = [
    ['0', 0],
    ['08', 8],
    ['017', 15],
    ['0x_fF', 255],
    ['1_000', 1000],
    ['1_0.5_0e1_0', 10.5e10],
    ['.5', 0.5],
    ['5.', 5],
    ['9223372036854775807', 2 ** 63],
    ['9223372036854775808', 2 ** 63],
    ['iNf', Infinity],
    ['NAN', NaN],
  ];
  for (const [text, value] of numbers) test(text, () => assert.equal(parseNumber(text), value));
});

describe('what only looks like a number is a problem', () => {
  for (const text of ['1e', '1_', '1__0', '_1', '1_.5', '0x', '0xffffffffffffffffff'])
    test(text, () =>
      assert.deepEqual(parseNumber(text), {
        problem: `strconv.ParseFloat: parsing "${text}": invalid syntax`,
      }),
    );
});

test('a long run of octal digits that ends in a 9 is read in linear time', () => {
  assert.equal(parseNumber(`${'0'.repeat(100_000)}9`), 9);
});

test('durations are in ms', () => {
  assert.equal(parseDurationToken('1y2w3d4h5m6s7ms'), 33_019_506_007);
  assert.deepEqual(parseDurationToken('293y'), { problem: 'duration out of range' });
  assert.deepEqual(parseDurationToken('1.5h'), { problem: 'unknown unit "." in duration "1.5h"' });
});

test('escapes are those of Go strings', () => {
  assert.equal(unquote(String.raw`"\a\b\f\n\r\t\v\\\"\x41\101\u00e9\U0001f600"`), '\x07\b\f\n\r\t\v\\"AAé😀');
  assert.equal(unquote(String.raw`'\''`), "'");
  assert.equal(unquote('`\\n`'), '\\n');
});

test('escaped bytes that make up UTF-8 are that character, others are kept apart from all text', () => {
  assert.equal(unquote(String.raw`"\xc3\xa9"`), 'é');
  assert.equal(unquote(String.raw`"a\xffb"`), 'a\udcffb');
  assert.equal(unquote(String.raw`"a\xffb"`).isWellFormed(), false);
});

test('moving the decimal point keeps all digits', () => {
  assert.equal(shiftDecimal('0.0000123456789', 3), 0.0123456789);
  assert.equal(shiftDecimal('1.5e-3', 3), 1.5);
});
