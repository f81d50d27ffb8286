import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QueryError } from '../../src/model/errors.ts';
import { toParseTree } from '../../src/promql/parse-tree.ts';
import { parse } from '../../src/promql/parse.ts';
import { prettyPrint } from '../../src/promql/pretty-print.ts';
import { print } from '../../src/promql/print.ts';
import { typeOf } from '../../src/promql/type-of.ts';
import { walk } from '../../src/promql/walk.ts';

const LEVELS = 10_000;

const DEEP: Readonly<Record<string, string>> = {
  parentheses: `${'('.repeat(LEVELS)}a${')'.repeat(LEVELS)}`,
  'function calls': `${'abs('.repeat(LEVELS)}a${')'.repeat(LEVELS)}`,
  aggregations: `${'sum('.repeat(LEVELS)}a${')'.repeat(LEVELS)}`,
  signs: `${'-'.repeat(LEVELS)}a`,
  'a chain to the left': Array.from({ length: LEVELS }, () => 'a').join(' + '),
  'a chain to the right': Array.from({ length: LEVELS }, () => 'a').join(' ^ '),
};

describe('depth costs no stack', () => {
  for (const [what, query] of Object.entries(DEEP))
    test(what, () => {
      const expr = parse(query);
      assert.equal(print(expr), query);
      assert.equal(typeOf(expr), 'vector');
      assert.ok([...walk(expr)].length > LEVELS);
    });
});

test('what would be a huge text or tree is refused, not overflowed', () => {
  const expr = parse(DEEP['parentheses']!);
  const isTooLarge = (thrown: unknown): boolean =>
    thrown instanceof QueryError && thrown.kind === 'too_large';
  assert.throws(() => prettyPrint(expr), isTooLarge);
  assert.throws(() => toParseTree(expr), isTooLarge);
});

test('a duration that nests too deeply is refused', () => {
  const range = `${'('.repeat(LEVELS)}5m${')'.repeat(LEVELS)}`;
  assert.throws(() => parse(`a[${range}]`), /duration expression has more than 1000 terms/);
});

test('a query of too many tokens is refused with its size and the limit', () => {
  const longest = Array.from({ length: 18_000 }, () => '1').join('+');
  assert.equal(typeOf(parse(longest)), 'scalar');
  assert.throws(() => parse(`1+1+${longest}`), {
    name: 'QueryError',
    kind: 'too_large',
    message: /it has 36003 characters in more than 36000 tokens/,
  });
});

test('regular expressions that are too large together are refused; equal ones and lists of texts do not count', () => {
  const selectors = (patternOf: (i: number) => string): string =>
    Array.from({ length: 100 }, (_, i) => `x{a=~"${patternOf(i)}"}`).join(' or ');
  const large = 'a.b'.repeat(500);
  assert.throws(() => parse(selectors((i) => large + i)), {
    kind: 'bad_data',
    message: /the first \d+ regular expressions are too large together: about \d+ steps; 20000 are allowed/,
  });
  assert.equal(typeOf(parse(selectors(() => large))), 'vector');
  assert.equal(typeOf(parse(selectors((i) => `${'a|b'.repeat(500)}${i}`))), 'vector');
});

test('lists of texts that spell out too much together are refused; one dashboard has room', () => {
  const list = Array.from({ length: 300 }, (_, i) => `host-${i}`).join('|');
  const selectors = (count: number, prefix: string): string =>
    Array.from({ length: count }, (_, i) => `x{a=~"${prefix}${i}-(${list})(:[0-9]+)?"}`).join(' or ');
  assert.equal(typeOf(parse(selectors(100, 'rack'))), 'vector');
  assert.throws(() => parse(selectors(100, 'rack'.repeat(100))), {
    kind: 'bad_data',
    message:
      /the first \d+ regular expressions are too large together: \d+ characters in them and their texts; 4000000 are/,
  });
});

test('expressions that capture groups count each time, in parentheses too', () => {
  const terms = (count: number): string =>
    Array.from({ length: count }, () => `label_replace(x, "a", "$1", "b", ("(${'a|b|'.repeat(250)})"))`).join(
      ' or ',
    );
  assert.equal(typeOf(parse(terms(10))), 'vector');
  assert.throws(() => parse(terms(30)), {
    kind: 'bad_data',
    message:
      /the first 20 regular expressions are too large together: about 20080 steps; 20000 are allowed in a query/,
  });
});
