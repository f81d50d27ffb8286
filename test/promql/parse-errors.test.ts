import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { ParseError } from '../../src/promql/parse-error.ts';
import { parse, parseMetricSelector } from '../../src/promql/parse.ts';
import { print } from '../../src/promql/print.ts';

/** Query and Prometheus 3.14's answer behind `parse error: `, with its position. */
type Case = readonly [query: string, position: string, problem: string];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'the lexer': [
    ['', 'unknown position', 'no expression found in input'],
    [' # nothing\n', '1:1', 'no expression found in input'],
    ['up[5m', '1:6', 'unclosed left bracket'],
    ['up[', '1:4', 'unexpected end of input in duration expression'],
    ['(up', '1:4', 'unclosed left parenthesis'],
    ['up)', '1:4', "unexpected right parenthesis ')'"],
    ['up]', '1:3', "unexpected right bracket ']'"],
    ['up{a', '1:5', 'unexpected end of input inside braces'],
    ['up{{', '1:4', "unexpected left brace '{'"],
    ['up{a!b', '1:5', "unexpected character after '!' inside braces: 'b'"],
    ['a !', '1:3', "unexpected character after '!': '\ufffd'"],
    ['a =~ b', '1:3', "unexpected character after '=': '~'"],
    ['é', '1:1', "unexpected character: 'é'"],
    ['"é" + $', '1:8', "unexpected character: '$'"],
    ['a +\n  b ;', '2:5', "unexpected character: ';'"],
    ['"a', '1:1', 'unterminated quoted string'],
    ['`a', '1:1', 'unterminated raw string'],
    [String.raw`"\q"`, '1:1', "unknown escape sequence U+0071 'q'"],
    [String.raw`"\xg0"`, '1:1', "illegal character U+0067 'g' in escape sequence"],
    [String.raw`"\ud800"`, '1:1', 'escape sequence is an invalid Unicode code point'],
    ['"\ufffd"', '1:1', 'invalid UTF-8 rune'],
    ['1..2', '1:1', 'bad number or duration syntax: "1.."'],
    ['0x1.8', '1:1', 'bad number or duration syntax: "0x1."'],
    ['up[:5m]', '1:5', 'unexpected colon before duration in duration expression'],
    ['up[foo]', '1:4', "unexpected character in duration expression: 'f'"],
    ['up[5m x]', '1:7', "unexpected character: 'x', expected ':'"],
  ],
  literals: [
    ['1e400', '1:1', 'error parsing number: strconv.ParseFloat: parsing "1e400": value out of range'],
    ['1e ', '1:1', 'error parsing number: strconv.ParseFloat: parsing "1e": invalid syntax'],
    ['5m1h', '1:1', 'not a valid duration string: "5m1h"'],
    ['5hs', '1:1', 'unknown unit "hs" in duration "5hs"'],
    ['300y', '1:1', 'duration out of range'],
    ['up[0m]', '1:4', 'duration must be greater than 0'],
    ['up[1e10]', '1:4', 'duration out of range'],
    ['up[1m / 0]', '1:7', 'division by zero'],
    ['up[1m % 0]', '1:7', 'modulo by zero'],
  ],
  'unexpected tokens': [
    ['a b', '1:3', 'unexpected identifier "b"'],
    ['a "a long string"', '1:3', 'unexpected string "\\"a long st"...'],
    ['a:b(c)', '1:4', 'unexpected "("'],
    ['a + + )', '1:8', "unexpected right parenthesis ')'"],
    ['sum a', '1:5', 'unexpected identifier "a"'],
    ['sum(a b)', '1:7', 'unexpected identifier "b" in aggregation'],
    ['sum(rate(a b))', '1:12', 'unexpected identifier "b" in aggregation'],
    ['sum(a) by', '1:10', 'unexpected end of input in grouping opts, expected "("'],
    ['sum by (5)(a)', '1:9', 'unexpected number "5" in grouping opts, expected label'],
    ['sum by (a b)(c)', '1:11', 'unexpected identifier "b" in grouping opts, expected "," or ")"'],
    ['sum by ("")(c)', '1:9', 'invalid label name for grouping: ""'],
    ['a + on(x) group_left == b', '1:22', 'unexpected <op:==> in grouping opts, expected "("'],
    ['a{b}', '1:4', 'unexpected "}" in label matching, expected label matching operator'],
    ['a{b=c}', '1:5', 'unexpected identifier "c" in label matching, expected string'],
    ['a{,}', '1:3', 'unexpected "," in label matching, expected identifier or "}"'],
    ['a{b="c" d="e"}', '1:9', 'unexpected identifier "d" in label matching, expected "," or "}"'],
    [
      'a offset b',
      '1:10',
      'unexpected identifier "b" in offset, expected number, duration, step(), or range()',
    ],
    ['a @ b', '1:5', 'unexpected identifier "b" in @, expected timestamp'],
    [
      'a[5m+]',
      '1:6',
      'unexpected "]" in subquery or range selector, expected number, duration, step(), or range()',
    ],
    ['a[5m 5m]', '1:6', 'unexpected duration "5m" in subquery or range, expected ":" or "]"'],
    ['a[5m:1m 1]', '1:9', 'unexpected number "1" in subquery selector, expected "]"'],
    [
      'a[5m:+]',
      '1:7',
      'unexpected "]" in subquery selector, expected number, duration, step(), range(), or "]"',
    ],
    ['vector(1,)', '1:9', 'trailing commas not allowed in function call args'],
  ],
  selectors: [
    ['{}', '1:1', 'vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1', 'vector selector must contain at least one non-empty matcher'],
    ['a{__name__="b"}', '1:1', 'metric name must not be set twice: "a" or "b"'],
    ['up{a=~"("}', '1:4', 'error parsing regexp: missing closing ): `(`'],
    ['up{a!~"*"}', '1:4', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['1[5m]', '1:2', 'ranges only allowed for vector selectors'],
    ['a offset 1m [5m]', '1:13', 'no offset modifiers allowed before range'],
    ['a @ 1 [5m]', '1:7', 'no @ modifiers allowed before range'],
    ['a offset 1m offset 1m', '1:1', 'offset may not be set multiple times'],
    ['a @ 1 @ end()', '1:1', '@ <timestamp> may not be set multiple times'],
    ['a @ Inf', '1:1', 'timestamp out of bounds for @ modifier: +Inf'],
    [
      '(a) offset 1m',
      '1:1',
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['a anchored smoothed', '1:1', 'anchored and smoothed modifiers cannot be used together'],
    ['a[5m:] anchored', '1:1', 'anchored modifier is not supported for subqueries'],
  ],
  types: [
    ['rate(a)', '1:6', 'expected type range vector in call to function "rate", got instant vector'],
    ['rate(a[5m], 1)', '1:1', 'expected 1 argument(s) in call to "rate", got 2'],
    ['label_join(a, "b")', '1:1', 'expected at least 3 argument(s) in call to "label_join", got 2'],
    ['round(a, 1, 2)', '1:1', 'expected at most 2 argument(s) in call to "round", got 3'],
    ['nofunc(a)', '1:1', 'unknown function with name "nofunc"'],
    ['sum()', '1:1', 'no arguments for aggregate expression provided'],
    ['topk(a)', '1:1', 'wrong number of arguments for aggregate expression provided, expected 2, got 1'],
    ['topk("1", a)', '1:6', 'expected type scalar in aggregation parameter, got string'],
    ['sum(1)', '1:5', 'expected type instant vector in aggregation expression, got scalar'],
    [
      '-"a"',
      '1:1',
      'unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
    ['1[5m:]', '1:1', 'subquery is only allowed on instant vector, got scalar instead'],
    ['1 > 2', '1:3', 'comparisons between scalars must use BOOL modifier'],
    ['a + bool b', '1:3', 'bool modifier can only be used on comparison operators'],
    ['1 and 1', '1:1', 'set operator "and" not allowed in binary scalar expression'],
    ['a + "b"', '1:5', 'binary expression must contain only scalar and instant vector types'],
    ['a + on(b) 1', '1:1', 'vector matching only allowed between instant vectors'],
    ['a and on(b) group_left c', '1:1', 'no grouping allowed for "and" operation'],
    ['a or fill(0) b', '1:1', 'filling in missing series not allowed for set operators'],
    ['a + on(b) group_left(b) c', '1:3', 'label "b" must not occur in ON and GROUP clause at once'],
    ['info(a, b)', '1:9', 'expected label selectors only, got vector selector instead'],
  ],
};

for (const [what, cases] of Object.entries(CASES)) {
  describe(`errors of ${what} are those of Prometheus`, () => {
    for (const [query, position, problem] of cases)
      test(JSON.stringify(query), () => {
        assert.throws(() => parse(query, ALL_FEATURES), errorWith(`${position}: parse error: ${problem}`));
      });
  });
}

describe('a feature that is off is refused', () => {
  const refused: readonly Case[] = [
    ['mad_over_time(a[5m])', '1:1', 'function "mad_over_time" is not enabled'],
    [
      'limitk(1, a)',
      '1:1',
      'limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions',
    ],
    ['a anchored', '1:1', 'anchored modifier is experimental and not enabled'],
    ['a + fill(0) b', '1:1', 'binop fill modifiers are experimental and not enabled'],
  ];
  for (const [query, position, problem] of refused)
    test(query, () => {
      assert.throws(() => parse(query), errorWith(`${position}: parse error: ${problem}`));
      parse(query, ALL_FEATURES);
    });
});

test('a computed duration needs no feature', () => {
  assert.equal(print(parse('a[step() * 2]')), 'a[step() * 2]');
});

test('a syntax error anywhere comes before a type error', () => {
  assert.throws(() => parse('rate(a) + )'), /unexpected right parenthesis/);
});

test('a selector of match[] has the errors of Prometheus', () => {
  assert.throws(
    () => parseMetricSelector(')'),
    errorWith("1:2: parse error: unexpected right parenthesis ')'"),
  );
  assert.throws(() => parseMetricSelector('a[5m]'), errorWith('1:2: parse error: unexpected "["'));
  assert.throws(
    () => parseMetricSelector(''),
    errorWith('unknown position: parse error: unexpected end of input'),
  );
  assert.deepEqual(parseMetricSelector('{}'), []);
});

function errorWith(message: string): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof ParseError);
    assert.equal(thrown.kind, 'bad_data');
    assert.equal(thrown.message, message);
    return true;
  };
}
