import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { compileRegex, patternCost, regexProblem } from '../../../src/promql/match/compile-regex.ts';
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
  const dashboards = [
    '(a|b)?',
    '((a|b))c',
    '^(?:a|b)$',
    '(^a|b$)',
    'a:.*|b:.*',
    '.*(a|b).*',
    '(?i)a',
    'a|b.*|.*c',
  ];
  for (const form of [...forms, ...dashboards])
    test(form, () => assert.deepEqual(fastMatch(form)?.rests, []));
});

describe('of texts with more around them the engine gets the rest alone', () => {
  const rests: readonly (readonly [pattern: string, rest: string, looks: number])[] = [
    ['(a|b)(:\\d+)?', '\\d+', 1],
    ['((a|b))(?::[0-9]+)?$', '[0-9]+', 1],
    ['(a|b)(:\\d)*', '(:\\d)*', 1],
    ['host-1\\d|host-2\\d', '\\d', 1],
    ['(a|aa|b)x*', 'x*', 2],
    ['[a-c]+-(a|b)', '[a-c]+', 1],
    ['ab+c', 'b+c', 1],
    ['(?i)(A|b)\\d', '(?i)\\d', 1],
    ['(a.?|a.?)c*', '(?:.?)(?:c*)', 1],
  ];
  for (const [pattern, rest, looks] of rests)
    test(pattern, () => assert.deepEqual(fastMatch(pattern)?.rests.at(-1), { pattern: rest, looks }));
});

describe('forms with more in them are left to the engine', () => {
  const forms = [
    'a{',
    '[ab]',
    '(a|b)*',
    '\\d-(a|b)-\\d',
    '.*?',
    'a^b',
    'x(^a)*',
    '\\ba|b',
    '(?P<x>a)',
    '(?i)ä|b',
    'a(?i)b|c',
    '\\Qa.b\\E',
    'a|b\ud800',
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

describe('the fast path agrees with the engine', () => {
  const compare = (pattern: string, values: readonly string[]): boolean => {
    const engine = (text: string): ((value: string) => boolean) => {
      const regex = RE2JS.compile(text, RE2JS.DOTALL);
      return (value) => regex.matches(value);
    };
    let whole: (value: string) => boolean;
    try {
      whole = engine(pattern);
    } catch {
      assert.notEqual(regexProblem(pattern), undefined, pattern);
      return false;
    }
    const fast = fastMatch(pattern)?.compile(engine);
    const compiled = compileRegex(pattern);
    for (const value of values) {
      if (fast !== undefined) assert.equal(fast(value), whole(value), JSON.stringify([pattern, value]));
      assert.equal(compiled(value), whole(value), JSON.stringify([pattern, value]));
    }
    return fast !== undefined;
  };
  const words = (letters: readonly string[], maxLength: number): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...letters), { maxLength }).map((all) => all.join(''));
  const count = (patterns: fc.Arbitrary<string>, value: fc.Arbitrary<string>, numRuns: number): number => {
    let compared = 0;
    assertProperty(
      fc.property(patterns, fc.array(value, { minLength: 8, maxLength: 8 }), (pattern, values) => {
        if (compare(pattern, values)) compared++;
      }),
      { seed: 31_402, numRuns },
    );
    return compared;
  };

  test('on pieces in any order, wrong patterns included', () => {
    const pieces = [
      'a',
      'b',
      '.*',
      '.+',
      '|',
      '(',
      ')',
      '(?:',
      '\\.',
      '.',
      '-',
      'é',
      '\n',
      '^',
      '$',
      '?',
      '*',
      '+',
    ];
    const more = ['[ab]', '[^a]', '[]a]', '\\d', '{2}', '{0,1}', '(?i)', '\\b', '😀', '{', ']'];
    const compared = count(
      words([...pieces, ...more], 9),
      words(['a', 'b', '.', '-', 'é', '\n', '1', '😀'], 5),
      2500,
    );
    assert.ok(compared > 400, `only ${compared} patterns took the fast path`);
  });

  test('on what dashboards make of a list of hosts', () => {
    const host = words(['a', 'b', 'A', 'k', '1', '\\.', '\\-', '\\\\.', 'é'], 3);
    const hosts = fc.array(host, { minLength: 1, maxLength: 6 }).map((all) => all.join('|'));
    const front = fc.constantFrom(
      '',
      '',
      '',
      '^',
      '.*',
      '.+',
      '(?i)',
      '(?i)^',
      'a',
      '[a-b]*',
      '(a|1)?',
      '\\W',
      '^.*',
    );
    const back = fc.constantFrom(
      '',
      '',
      '',
      '$',
      '.*',
      '.+',
      '(:\\d+)?',
      ':.*',
      '\\.1',
      '(?::1|\\.a)?$',
      '[^k]',
      'a?b+',
    );
    const group = fc.constantFrom(
      ['(', ')'],
      ['(?:', ')'],
      ['((', '))'],
      ['', ''],
      ['(', ')?'],
      ['(', '|.*)'],
    );
    const listed = fc
      .tuple(front, group, hosts, back)
      .map(([a, [open, close], b, c]) => a + open + b + close + c);
    const spread = fc.tuple(fc.array(host, { minLength: 1, maxLength: 5 }), back);
    const each = spread.map(([all, end]) => all.map((text) => text + end).join('|'));
    const value = words(['a', 'b', 'K', 'k', '\u212a', '1', '.', '-', ':', '\\', 'é', 'É', 'ab'], 6);
    const compared = count(fc.oneof(listed, each), value, 2500);
    assert.ok(compared > 1500, `only ${compared} patterns took the fast path`);
  });
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
    'classes in brackets': '(?i)[\\pL\\pN]'.repeat(1300),
  };
  for (const [what, pattern] of Object.entries(large))
    test(what, () => assert.match(regexProblem(pattern)!, /expression too large/));
});

describe('a list of 1,500 hosts from a dashboard is no matter of size', () => {
  const hosts = Array.from({ length: 1500 }, (_, i) => `host-number-${i}\\.example\\.internal`);
  const list = hosts.join('|');
  const forms = {
    'with a port': `(${list})(:\\d+)?`,
    'in the parentheses of the variable': `^(?:(${list})(:\\d+)?)$`,
    'with a suffix each': hosts.map((host) => `${host}:.*`).join('|'),
    'anywhere in the value': `.*(${list}).*`,
    'behind something': `\\w*:?(${list})(:9100)?`,
    'in any case': `(?i)(${list})(:\\d+)?`,
  };
  for (const [what, pattern] of Object.entries(forms))
    test(what, () => {
      assert.ok(patternCost(pattern).steps < 100);
      const matches = compileRegex(pattern);
      const told = [
        'host-number-1499.example.internal:9100',
        'host-number-1500.example.internal:9100',
        '',
      ].map(matches);
      assert.deepEqual(told, [true, false, false]);
    });
});

describe('what is no plain list of texts has a limit', () => {
  const texts = (count: number): string => Array.from({ length: count }, (_, i) => `host-${i}`).join('|');
  const beyond = {
    'two million characters': `a|${'b'.repeat(2_000_000)}`,
    'more texts than can be sorted in time': `(${texts(20_001)}):.*`,
    'long texts anywhere in the value': `.*(${'a'.repeat(20_000)}|b).*`,
    'products of long texts': `${'a'.repeat(500_000)}(b|c)(d|e)(f|g)`,
    'parentheses in parentheses': `${'('.repeat(8)}${texts(10_000)}${')'.repeat(8)}`,
    'too many different rests': Array.from({ length: 1000 }, (_, i) => `${texts(5)}-${i}.*x{${i}}`).join('|'),
  };
  for (const [what, pattern] of Object.entries(beyond))
    test(what, () =>
      assert.match(
        regexProblem(pattern)!,
        /expression too large: .*characters.* are allowed.* up to 20000 of them/,
      ),
    );

  test('the steps of a rest count as often as a value can begin with a text', () => {
    const chain = Array.from({ length: 50 }, (_, i) => 'a'.repeat(i + 1)).join('|');
    assert.equal(patternCost(`(${chain})\\d`).steps, 50);
  });

  test('a group that would multiply beyond bounds is left to the engine', () => {
    const pattern = `(${texts(300)})(${texts(300)})`;
    assert.equal(patternCost(pattern).steps > 0, true);
    assert.deepEqual(['host-1host-2', 'host-1host-300'].map(compileRegex(pattern)), [true, false]);
  });
});

describe('what takes long to compile counts by that', () => {
  const refused = (pattern: string): void =>
    assert.match(
      regexProblem(pattern)!,
      /expression too large: it expands to about \d+ steps; 20000 are allowed/,
    );
  const BOUNDED = {
    'ranges of many characters, in any case': String.raw`(?i)${String.raw`[b-\x{1e000}]`.repeat(100)}`,
    'the same with other flags before': String.raw`(?si)${'[a-\uffff]'.repeat(100)}`,
    'classes of Unicode': String.raw`\pL`.repeat(1000),
    'classes of Unicode, in any case': String.raw`(?i)${String.raw`\pL`.repeat(300)}`,
    groups: '(.)(a)'.repeat(2700),
    'repetitions of repetitions': '(a*)*'.repeat(3200),
  };
  for (const [what, pattern] of Object.entries(BOUNDED)) test(what, () => refused(pattern));

  test('ranges of letters in any case count little, and so do all ranges where case counts', () => {
    for (const pattern of ['(?i)[a-zà-ÿа-я]+[0-9]{1,20}x?', String.raw`[b-\x{1e000}]*x`])
      assert.ok(patternCost(pattern).steps < 150, `${pattern}: ${patternCost(pattern).steps} steps`);
    assert.equal(compileRegex('(?i)[а-я]+x')('ДОМX'), true);
  });
});

test('an alternation of a hundred thousand literals is answered', () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `host-${i}`);
  const matches = compileRegex(`(?:${names.join('|')})`);
  assert.deepEqual([matches('host-99999'), matches('host-100000')], [true, false]);
});
