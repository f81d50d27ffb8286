import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RE2JS, RE2JSException } from 're2js';
import { compileRegex, regexProblem } from '../../../src/promql/match/compile-regex.ts';
import { unnameGroups } from '../../../src/promql/match/group-names.ts';
import { assertProperty } from '../../support/property.ts';

describe('groups lose their names, and nothing else does', () => {
  const patterns: readonly (readonly [pattern: string, unnamed: string, names: readonly string[]])[] = [
    ['(?P<n>a)(?<n>b)', '(a)(b)', ['n', 'n']],
    ['\\(?P<n>a', '\\(?P<n>a', []],
    ['\\\\(?P<n>a)', '\\\\(a)', ['n']],
    ['[(?P<n>)]', '[(?P<n>)]', []],
    ['[](?P<n>)]', '[](?P<n>)]', []],
    ['[^](?P<n>)](?P<m>a)', '[^](?P<n>)](a)', ['m']],
    ['[[:alpha:](?P<n>)]', '[[:alpha:](?P<n>)]', []],
    ['[!-[:](?P<n>a):]?', '[!-[:](a):]?', ['n']],
    ['[\\d-[:alpha:](?P<n>)]', '[\\d-[:alpha:](?P<n>)]', []],
    ['\\Q(?P<n>\\E(?P<m>a)', '\\Q(?P<n>\\E(a)', ['m']],
    ['\\Q(?P<n>', '\\Q(?P<n>', []],
    ['(?P<é>a)', '(?P<é>a)', []],
  ];
  for (const [pattern, unnamed, names] of patterns)
    test(pattern, () => {
      const found = unnameGroups(pattern);
      assert.equal(found.pattern, unnamed);
      assert.deepEqual(
        found.names.filter((name) => name !== undefined),
        names,
      );
    });
});

test('groups without names keep their numbers', () => {
  const { names } = unnameGroups('(a)(?:b)(?i)((?P<n>c))');
  assert.deepEqual(names, [undefined, undefined, undefined, 'n']);
});

test('a matcher may give several groups one name', () => {
  const matches = compileRegex('(?P<n>a+)|x(?P<n>b+)');
  assert.deepEqual(['a', 'xb', 'x', 'ab'].map(matches), [true, true, false, false]);
});

test('a matcher may name groups like what all objects have', () => {
  assert.ok(compileRegex('(?P<constructor>a+)b?')('aa'));
});

test('what is wrong behind a name that is there twice is told', () => {
  assert.equal(
    regexProblem('(?P<n>a+)(?P<n>b)(?P<é>c)'),
    'error parsing regexp: invalid named capture: `(?P<é>`',
  );
});

function engineOf(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    if (thrown instanceof RE2JSException) return undefined;
    throw thrown;
  }
}

const PIECES = [
  '(',
  ')',
  '(?:',
  '[',
  ']',
  '^',
  '-',
  '\\',
  '\\Q',
  '\\E',
  '\\d',
  '\\pN',
  '\\p{L}',
  '\\]',
  '[:alpha:]',
  ':]',
  '[:',
  'a',
];

test('names and their numbers are those that the engine finds', () => {
  const piece = fc.oneof(fc.constantFrom(...PIECES), fc.constant('(?P<'));
  assertProperty(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const pattern = pieces.map((text, i) => (text === '(?P<' ? `(?P<n${i}>` : text)).join('');
      const engine = engineOf(pattern);
      if (engine === undefined) return;
      const { names, pattern: unnamed } = unnameGroups(pattern);
      const found = names.flatMap((name, i) => (name === undefined ? [] : [[name, i]]));
      assert.deepEqual(found, Object.entries(engine.namedGroups()));
      assert.equal(engineOf(unnamed)?.groupCount(), engine.groupCount());
      assert.equal(names.length, engine.groupCount() + 1);
    }),
    { seed: 417, numRuns: 5000 },
  );
});
