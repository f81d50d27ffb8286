import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';
import { prettyPrint } from '../../src/promql/pretty-print.ts';
import { print } from '../../src/promql/print.ts';

/** What is written, and Prometheus' canonical form. */
const CANONICAL: readonly (readonly [written: string, printed: string])[] = [
  ['0x1F', '31'],
  ['0755', '493'],
  ['1_000.5', '1000.5'],
  ['1e21', '1000000000000000000000'],
  ['-inf', '-Inf'],
  ['+NaN', 'NaN'],
  ['90m', '1h30m'],
  ['36h', '1d12h'],
  ["'it\\'s'", `"it's"`],
  ['"\\xff\\377\\u00e9"', '"\\xff\\xffé"'],
  ['"\\ufffd"', '"\\ufffd"'],
  ['up{b!="1",a=~"x",}', 'up{a=~"x",b!="1"}'],
  ['{"up","a.b"="c"}', '{"a.b"="c",__name__="up"}'],
  ['UP OFFSET 300', 'UP offset 5m'],
  ['up offset 0s', 'up'],
  ['up[5m] OFFSET -1m @ START()', 'up[5m] @ start() offset -1m'],
  ['up[300] smoothed', 'up[5m] smoothed'],
  ['up @ -1.0005', 'up @ -1.001'],
  ['up[5m:]@1.5', 'up[5m:] @ 1.500'],
  ['up[(5m+1)*-step()]', 'up[(5m + 1) * -step()]'],
  ['up[MIN_OF(1m,RANGE()):2m]', 'up[min_of(1m, range()):2m]'],
  ['up[(-1m)^2]', 'up[(-1m) ^ 2]'],
  ['Inf^2', 'Inf ^ 2'],
  ['2^Inf', '2 ^ +Inf'],
  ['up offset (1m+1m)', 'up offset (1m + 1m)'],
  ['up offset 1m+1', 'up offset 1m + 1'],
  ['-1^2', '-1 ^ 2'],
  ['2^3^4*-a', '2 ^ 3 ^ 4 * -a'],
  ['a AND on() b', 'a and on () b'],
  ['a/ignoring(x)group_left b', 'a / ignoring (x) group_left () b'],
  ['a==bool on(x,"y.z")group_right(w)b', 'a == bool on (x, "y.z") group_right (w) b'],
  ['a+fill(1)b', 'a + fill (1) b'],
  ['a+fill_left(0)fill_right(-0)b', 'a + fill_left (0) fill_right (-0) b'],
  ['a+fill(NaN)b', 'a + fill_left (NaN) fill_right (NaN) b'],
  ['a+fill_right(-2)fill_left(1e6)b', 'a + fill_left (1e+06) fill_right (-2) b'],
  ['h</1>/2', 'h </ 1 >/ 2'],
  ['SUM(a)BY(b,c)', 'sum by (b, c) (a)'],
  ['sum by()(a)', 'sum(a)'],
  ['sum without()(a)', 'sum without () (a)'],
  ['topk without("a b")(2,a)', 'topk without ("a b") (2, a)'],
  ['step()+max_of(1,2)', 'step() + max_of(1, 2)'],
  ['fill + fill(1) start', 'fill + fill (1) start'],
  ['up # comment\n + 1', 'up + 1'],
];

describe('print gives the canonical form', () => {
  for (const [written, printed] of CANONICAL)
    test(JSON.stringify(written), () => assert.equal(print(parse(written, ALL_FEATURES)), printed));
});

test('a fraction of a millisecond keeps its meaning, though durations have no unit for it', () => {
  assert.equal(print(parse('up[0.0005]')), 'up[0.0005]');
});

describe('prettyPrint spreads what is longer than 100 bytes', () => {
  const long = 'some_rather_long_metric_name{and="a label",with="another label"}';
  const layouts: Readonly<Record<string, readonly string[]>> = {
    [`sum(${long}) + up`]: [`sum(${long}) + up`],
    [`${long} + bool_metric ${'* on (instance) foo '.repeat(2)}`]: [
      `  ${long}`,
      '+',
      '  bool_metric * on (instance) foo * on (instance) foo',
    ],
    [`topk(5, sum by (a) (${long} + ${long}))`]: [
      'topk(',
      '  5,',
      '  sum by (a) (',
      `      ${long}`,
      '    +',
      `      ${long}`,
      '  )',
      ')',
    ],
    [`-(max_over_time((${long})[5m:1m]) + ${long})`]: [
      '-(',
      `    max_over_time((${long})[5m:1m])`,
      '  +',
      `    ${long}`,
      ')',
    ],
  };
  for (const [query, lines] of Object.entries(layouts))
    test(query.slice(0, 40), () => assert.equal(prettyPrint(parse(query)), lines.join('\n')));
});
