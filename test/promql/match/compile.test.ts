import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { compileRegex, regexProblem } from '../../../src/promql/match/compile-regex.ts';
import { compileMatcher, compileMatchers } from '../../../src/promql/match/compile.ts';
import { fastMatch } from '../../../src/promql/match/fast-match.ts';
import { assertProperty } from '../../support/property.ts';

test('the four kinds of matchers compare the whole value', () => {
  const holds = (kind: '=' | '!=' | '=~' | '!~', value: string, actual: string): boolean =>
    compileMatcher({ kind, name: 'x', value })(actual);
  assert.deepEqual([holds('=', 'a', 'a'), holds('=', 'a', 'ab')], [true, false]);
  assert.deepEqual([holds('!=', 'a', 'a'), holds('!=', 'a', '')], [false, true]);
  assert.deepEqual([holds('=~', 'a.', 'ab'), holds('=~', 'a.', 'abc')], [true, false]);
  assert.deepEqual([holds('!~', 'a.', 'ab'), holds('!~', 'a.', 'abc')], [false, true]);
});

test('all matchers must hold, and an absent label is the empty string', () => {
  const matches = compileMatchers([
    { kind: '=', name: 'job', value: 'api' },
    { kind: '=~', name: 'zone', value: '|a.*' },
  ]);
  assert.equal(matches(labelsFromRecord({ job: 'api' })), true);
  assert.equal(matches(labelsFromRecord({ job: 'api', zone: 'b' })), false);
  assert.equal(matches(labelsFromRecord({ zone: 'a1' })), false);
});

test('the dot matches a newline', () => {
  assert.equal(compileRegex('a.b[0-9]')('a\nb1'), true);
});

describe('common forms need no regex engine', () => {
  const forms = ['a', 'a\\.b', 'a|b|c', '(a|b)', 'pre-(?:a|b)-post|c', '.*', '.+', 'a.*', '.+a', '.*a.+', ''];
  for (const form of forms) test(form, () => assert.notEqual(fastMatch(form), undefined));
});

describe('forms with more in them are left to the engine', () => {
  const forms = [
    '(?i)a',
    'a*',
    'a.*b',
    '[ab]',
    '(a|b)*',
    '(a(b|c))',
    'a\\d',
    'a\\.*',
    '.*?',
    '^a$',
    'a{2}',
    '(?P<x>a)',
  ];
  for (const form of forms) test(form, () => assert.equal(fastMatch(form), undefined));
});

test('wildcards without a literal between them ask for as many characters as they have pluses', () => {
  const matched = (pattern: string): readonly string[] =>
    ['', 'a', 'ab'].filter((value) => compileRegex(pattern)(value));
  assert.deepEqual(matched('.*.*'), ['', 'a', 'ab']);
  assert.deepEqual(matched('.*.+'), ['a', 'ab']);
  assert.deepEqual(matched('.+.*'), ['a', 'ab']);
  assert.deepEqual(matched('.+.+'), ['ab']);
});

test('the fast path agrees with the engine', () => {
  const piece = fc.constantFrom('a', 'b', '.*', '.+', '|', '(', ')', '(?:', '\\.', '.', '-', 'é', '\n');
  const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const value = fc
    .array(fc.constantFrom('a', 'b', '.', '-', 'é', '\n'), { maxLength: 5 })
    .map((all) => all.join(''));
  let compared = 0;
  assertProperty(
    fc.property(pattern, fc.array(value, { minLength: 5, maxLength: 5 }), (pattern, values) => {
      const fast = fastMatch(pattern);
      if (fast === undefined) return;
      compared++;
      const regex = RE2JS.compile(pattern, RE2JS.DOTALL);
      for (const value of values)
        assert.equal(fast(value), regex.matches(value), JSON.stringify([pattern, value]));
    }),
    { seed: 31_402, numRuns: 4000 },
  );
  assert.ok(compared > 500, `only ${compared} patterns took the fast path`);
});

describe('problems are told in Go’s words', () => {
  const problems: readonly (readonly [pattern: string, problem: string])[] = [
    ['(', 'missing closing ): `(`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['\\8', 'invalid escape sequence: `\\8`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ];
  for (const [pattern, problem] of problems)
    test(pattern, () => assert.equal(regexProblem(pattern), `error parsing regexp: ${problem}`));
});

describe('a pattern that would block the event loop is refused', () => {
  const large = {
    'a long text': 'a.'.repeat(500_000),
    repetitions: '[a-z]{1000}'.repeat(1000),
    'nested repetitions': '((ab){30}){30}'.repeat(100),
    'repeated classes': '(\\pL{100}){9}'.repeat(50),
  };
  for (const [what, pattern] of Object.entries(large))
    test(what, () => assert.match(regexProblem(pattern)!, /expression too large/));
});

test('an alternation of a hundred thousand literals is answered', () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `host-${i}`);
  const matches = compileRegex(`(?:${names.join('|')})`);
  assert.deepEqual([matches('host-99999'), matches('host-100000')], [true, false]);
});
