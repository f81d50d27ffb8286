import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentProblems, parseConfigDocument, readConfigDocument } from '../../src/config/document.ts';
import { QueryError } from '../../src/model/errors.ts';

function problemsOf(text: string): readonly string[] {
  try {
    parseConfigDocument(text);
  } catch (thrown) {
    assert.ok(thrown instanceof DocumentProblems, String(thrown));
    return thrown.problems.map(({ line, message }) => `${line}: ${message}`);
  }
  return [];
}

test('what is no YAML is said once, with its line, in words for those who wrote it', () => {
  for (const [text, problem] of [
    ['a:\n\tb: 1', /^2: a tab indents this line; YAML is indented with spaces alone$/],
    ['a:\n  b: 1\n c: 2', /^3: the indentation does not fit/],
    ['a: @x', /^1: a value cannot start with this character; put the value in quotes$/],
    ['a: b: c', /^1: a second colon makes no sense here/],
    ['a: 1\n  b: 2', /^1: a second colon makes no sense here/],
    ['a\nb: 1', /^1: a key must stand on one line/],
    ['x: 1\ny: "z\n', /^3: a quote, a bracket or a colon is missing$/],
    ['{a: 1', /^1: a quote, a bracket or a colon is missing$/],
    ['a: "\\q"', /^1: a backslash in double quotes begins no such escape/],
    ['a: 1\n---\nb: 2', /^2: there are several documents/],
    [' a: 1\nb: 2', /^2: this does not belong here/],
    ['[a]: x', /^1: a key must be a text/],
    [`a: ${'['.repeat(20_000)}`, /^1: lists or mappings are nested too deep$/],
  ] as const) {
    const problems = problemsOf(text);
    assert.equal(problems.length, 1, text.slice(0, 30));
    assert.match(problems[0]!, problem);
  }
});

test('each key that is there twice is named, whichever way it is written', () => {
  assert.deepEqual(problemsOf('labels:\n  a: 1\n  "a": 2\n  1: x\n  "1": y\n'), [
    '3: the key "a" is there twice; keep one of them',
    '5: the key "1" is there twice; keep one of them',
  ]);
});

test('keys that are there twice are found in the order of the text, wherever they stand', () => {
  assert.deepEqual(
    problemsOf('- {b: {c: 1, c: 2}, b: 1}\n- a: 1\n  &x a: {y: 1, ? y : 2}\n- {a: 1, a: 2}\n'),
    [
      '1: the key c is there twice; keep one of them',
      '1: the key b is there twice; keep one of them',
      '3: the key a is there twice; keep one of them',
      '3: the key y is there twice; keep one of them',
      '4: the key a is there twice; keep one of them',
    ],
  );
});

test('a mapping of ten times as many keys does not take a hundred times as long', () => {
  const [few, many] = [1000, 10_000].map((count) => {
    const text = Array.from({ length: count }, (_, i) => `key${i}:\n`).join('');
    const times = Array.from({ length: 3 }, () => {
      const began = performance.now();
      parseConfigDocument(text);
      return performance.now() - began;
    });
    return Math.min(...times);
  });
  assert.ok(many! < 40 * few!, `${few} ms and ${many} ms`);
});

test('aliases that grow without end are refused where they are used last', () => {
  const levels = 'abcdefg'.split('').map((name, i, names) => {
    const item = i === 0 ? 'x' : `*${names[i - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => item).join(', ')}]\n`;
  });
  assert.deepEqual(problemsOf(`${levels.join('')}endpoints: *g\n`), [
    '8: the aliases (*name) up to this one grow to far too much when they are followed; write the values out',
  ]);
});

test('an alias without an anchor is named', () => {
  assert.deepEqual(problemsOf('a: 1\nb: *c\n'), [
    '2: the alias *c has no anchor &c above it; write the value out, or add the anchor',
  ]);
});

test('a key is found at its own line, one that is not there at that of its parent', () => {
  const { lineOf } = parseConfigDocument('a:\n  b:\n    1\n  list:\n    - x\n    - y: z\n');
  assert.equal(lineOf(['a', 'b']), 2);
  assert.equal(lineOf(['a', 'list', 1, 'y']), 6);
  assert.equal(lineOf(['a', 'list', 0]), 5);
  assert.equal(lineOf(['a', 'none', 'of', 'these']), 1);
  assert.equal(lineOf(['none']), undefined);
});

test('an empty file has no value', () => {
  for (const text of ['', '# nothing\n', 'null']) assert.equal(parseConfigDocument(text).value, undefined);
});

test('the problems of a file have its name, and are not quoted where it holds secrets', () => {
  const source = { file: 'a.yml', text: 'a: 1\na: 2\nb: 1\nb: 2\n' };
  const errorOf = (instead?: string): QueryError => {
    try {
      readConfigDocument(source, instead);
    } catch (thrown) {
      assert.ok(thrown instanceof QueryError, String(thrown));
      return thrown;
    }
    return assert.fail('it can be read');
  };
  const { kind, message, cause } = errorOf();
  assert.equal(kind, 'bad_data');
  assert.equal(
    message,
    'a.yml:2: the key a is there twice; keep one of them\na.yml:4: the key b is there twice; keep one of them',
  );
  assert.ok(cause instanceof DocumentProblems);
  const hidden = errorOf('it cannot be read');
  assert.equal(hidden.message, 'a.yml:2: it cannot be read\na.yml:4: it cannot be read');
  assert.equal(hidden.cause, undefined);
});

test('of very many keys that are there twice the first are told, and how many there are', () => {
  assert.throws(
    () => readConfigDocument({ file: 'a.yml', text: 'a:\n'.repeat(200_000) }),
    ({ message }: Error) => {
      const lines = message.split('\n');
      assert.equal(lines.length, 21);
      assert.equal(lines[20], 'a.yml:22: 199979 more keys are there twice');
      return true;
    },
  );
});
