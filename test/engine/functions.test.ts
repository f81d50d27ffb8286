import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, linesOf } from '../support/evaluate-text.ts';
import { PointSource, everyInterval } from '../support/point-source.ts';
import { told } from '../support/scopes.ts';

const SOURCE = new PointSource({
  'a{host="web-10"}': everyInterval(1000, [4, 5, 6]),
  'a{host="web-9"}': everyInterval(1000, [3, NaN, 1]),
  'b{host="web-9"}': everyInterval(1000, [1, undefined, 1]),
  'target_info{instance="i",job="j",os="linux"}': [[0, 1]],
  'up{instance="i",job="j"}': [[0, 1]],
  'up{instance="k",job="j"}': [[0, 0]],
});
const NOW = { start: 0 };
const LAST = { start: 2000 };
const ALL = { start: 0, end: 2000, step: 1000 };
const SHORT = { lookbackDelta: 900 };

const answers: readonly (readonly [
  query: string,
  lines: readonly string[],
  times?: typeof ALL | typeof NOW,
])[] = [
  ['abs(-a)', ['{host="web-10"} 4@0', '{host="web-9"} 3@0']],
  ['clamp(a, 3.5, 100)', ['{host="web-10"} 4@0', '{host="web-9"} 3.5@0']],
  ['time()', ['{} 0@0 1@1000 2@2000'], ALL],
  ['vector(pi())', ['{} 3.141592653589793@0']],
  ['scalar(a{host="web-9"})', ['{} 3@0 NaN@1000 1@2000'], ALL],
  ['scalar(a)', ['NaN@0']],
  ['max_of(1, 2) + min_of(1, 2)', ['3@0']],
  ['year()', ['{} 1970@0']],
  ['hour(a * 3600)', ['{host="web-10"} 4@0', '{host="web-9"} 3@0']],
  ['absent(b{host="web-9"})', ['{host="web-9"} 1@1000'], ALL],
  ['absent(a)', [], ALL],
  ['absent_over_time(b[900ms])', ['{} 1@1000'], ALL],
  ['absent(nothing{x="1",y!="2",z="3",z="4"})', ['{x="1"} 1@0']],
  ['sort(a)', ['a{host="web-10"} 5@1000', 'a{host="web-9"} NaN@1000'], { start: 1000 }],
  ['sort_desc(a)', ['a{host="web-10"} 6@2000', 'a{host="web-9"} 1@2000'], LAST],
  ['sort(a)', ['a{host="web-9"} 1@2000', 'a{host="web-10"} 6@2000'], LAST],
  ['sort_by_label(a, "host")', ['a{host="web-9"} 3@0', 'a{host="web-10"} 4@0']],
  ['sort_by_label_desc(a, "host")', ['a{host="web-10"} 4@0', 'a{host="web-9"} 3@0']],
  ['sum_over_time(a{host="web-10"}[1500ms])', ['{host="web-10"} 4@0 9@1000 11@2000'], ALL],
  ['last_over_time(a{host="web-10"}[10s])', ['a{host="web-10"} 6@2000'], LAST],
  ['quantile_over_time(0, a{host="web-10"}[10s])', ['{host="web-10"} 4@2000'], LAST],
  ['count_over_time(a{host="web-10"}[10s:0.0004])', ['{host="web-10"} 1@2000'], LAST],
  ['max_over_time((sum_over_time(a[1s] smoothed))[1s:1m])', [], LAST],
  ['max_over_time(count_values("", a)[1s:1m])', [], LAST],
  ['count_values("", a)[1s:1m]', [], LAST],
  ['max_over_time((-a{host="web-10"})[2500ms:1s])', ['{host="web-10"} -4@2000'], LAST],
  ['label_replace(b, "n", "$1", "host", "web-(.*)")', ['b{host="web-9", n="9"} 1@0']],
  ['label_replace(b, "host", "", "host", ".*")', ['b 1@0']],
  ['label_replace(b, "n", "${1}x$$", "host", "w(?P<rest>.*)")', ['b{host="web-9", n="eb-9x$"} 1@0']],
  [
    'label_replace(b, "n", "$__proto__-${constructor}-$toString", "host", "(?P<__proto__>w.)(?P<constructor>.).*")',
    ['b{host="web-9", n="we-b-"} 1@0'],
  ],
  ['label_replace(b, "n", "$constructor$__proto__$2$length", "host", ".*")', ['b{host="web-9"} 1@0']],
  ['label_join(b, "n", "/", "host", "host")', ['b{host="web-9", n="web-9/web-9"} 1@0']],
  ['info(up)', ['up{instance="i", job="j", os="linux"} 1@0', 'up{instance="k", job="j"} 0@0']],
  ['info(up, {os="linux"})', ['up{instance="i", job="j", os="linux"} 1@0']],
  ['"text"', ['text@0']],
];

for (const [query, lines, times = NOW] of answers) {
  test(`${query} at ${JSON.stringify(times)}`, async () => {
    assert.deepEqual(await linesOf(query, SOURCE, times, SHORT), lines);
  });
}

const ODD_LABELS = new PointSource({
  'a{host="9007199254740993"}': [[0, NaN]],
  'a{host="9007199254740992"}': [[0, 1]],
  'a{host="18446744073709551616"}': [[0, NaN]],
  'a{host="7"}': [[0, 1]],
  'b{m="x",n="2"}': [[0, 1]],
  'b{m="y"}': [[0, 2]],
  'b{m="z",n="1"}': [[0, 3]],
  'c{n="01"}': [[0, 1]],
  'c{n="1"}': [[0, 2]],
});

const orders: readonly (readonly [query: string, values: readonly string[]])[] = [
  ['sort_by_label(a, "host")', ['18446744073709551616', '7', '9007199254740992', '9007199254740993']],
  ['sort(a)', ['7', '9007199254740992', '9007199254740993', '18446744073709551616']],
  ['sort_by_label(b, "n")', ['n="2"', 'm="y"', 'n="1"']],
  ['sort_by_label(c, "n")', ['n="1"', 'n="01"']],
];

for (const [query, values] of orders) {
  test(`${query} orders labels of all sorts as Prometheus does`, async () => {
    const lines = await linesOf(query, ODD_LABELS, NOW);
    assert.deepEqual(
      lines.map((line, i) => line.includes(values[i]!)),
      values.map(() => true),
      lines.join('; '),
    );
  });
}

const failures: readonly (readonly [query: string, message: string])[] = [
  ['label_replace(a, "", "", "x", "y")', 'invalid destination label name in label_replace(): '],
  ['label_replace(a, "x", "", "x", "(")', 'invalid regular expression in label_replace(): ('],
  [
    `label_replace(a, "x", "", "host", "${'((a{10}){10}){10}'.repeat(900)}")`,
    'regular expression in label_replace() is too large: it expands to about 1296000 steps; 20000 are allowed',
  ],
  [
    `label_replace(a, "x", "", "host", "${'a'.repeat(20_000)}")`,
    'regular expression in label_replace() is too large: it has 20000 characters; 16384 are allowed',
  ],
  ['label_join(a, "x", "", "")', 'invalid source label name in label_join(): '],
  ['label_replace(a, "host", "same", "host", ".*")', 'vector cannot contain metrics with the same labelset'],
  ['abs({__name__=~"a|b",host="web-9"})', 'vector cannot contain metrics with the same labelset'],
  [
    'sum_over_time(a[1m] anchored)',
    'anchored modifier can only be used with: changes, delta, increase, rate, resets - not with sum_over_time',
  ],
];

for (const [query, message] of failures) {
  test(`${query.slice(0, 100)} fails`, async () => {
    await assert.rejects(linesOf(query, SOURCE, NOW), { kind: 'execution', message });
  });
}

test('series that share their labels after a function are one, where their values do not meet', async () => {
  const source = new PointSource({ a: [[0, 1]], b: [[1000, 2]] });
  const lines = await linesOf('-{__name__=~"a|b"}', source, { ...ALL, end: 1000 }, SHORT);
  assert.deepEqual(lines, ['{} -1@0 -2@1000']);
});

test('sorting a range query is remarked on, and changes nothing', async () => {
  const { annotations } = await answerOf('sort(a)', SOURCE, ALL);
  assert.deepEqual(
    told(annotations).map(({ message }) => message),
    ['PromQL warning: sort is ineffective for range queries since results are always ordered by labels'],
  );
});

test('with delayed removal a name lasts until the end', async () => {
  const features = new Set(['promql-delayed-name-removal']);
  const query = 'label_replace(abs({__name__=~"a|b",host="web-9"}), "name", "$1", "__name__", "(.*)")';
  const lines = await linesOf(query, SOURCE, NOW, { features });
  assert.deepEqual(lines, ['{host="web-9", name="a"} 3@0', '{host="web-9", name="b"} 1@0']);
});

test('a remark on a counter name is given once, for rates that are there', async () => {
  const { annotations } = await answerOf('rate(a[5s]) + rate(b[5s]) + rate(c[5s])', SOURCE, LAST);
  const start =
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ';
  assert.deepEqual(
    annotations.map((note) => note.kind === 'remark' && [note.message.slice(start.length), note.at?.start]),
    [
      ['"a"', 5],
      ['"b"', 19],
    ],
  );
});

test('of one remark at two places the last is shown', async () => {
  const { annotations } = await answerOf('rate(b[5s]) - rate(b[3s])', SOURCE, LAST);
  assert.deepEqual(
    annotations.map((note) => note.kind === 'remark' && note.at?.start),
    [19],
  );
});

test('the bound of a bucket is read like any number of Go', async () => {
  const source = new PointSource({
    'b{le="0x1p-1"}': [[0, 10]],
    'b{le="1_000"}': [[0, 20]],
    'b{le="+Inf"}': [[0, 20]],
  });
  assert.deepEqual(await linesOf('histogram_quantile(0.75, b)', source, NOW), ['{} 500.25@0']);
});
