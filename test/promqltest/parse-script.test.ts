import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { labelsToRecord } from '../../src/model/labels.ts';
import { isStale } from '../../src/model/stale.ts';
import { describePoint } from './describe.ts';
import { parseSeries } from './parse-load.ts';
import { parseScript } from './parse-script.ts';
import { parseStarts } from './parse-starts.ts';
import type { Command } from './script.ts';

function points(text: string): readonly string[] {
  return parseSeries(`m ${text}`).points.map(describePoint);
}

test('numbers repeat, rise and fall', () => {
  assert.deepEqual(points('1 2x2 3+1x2 5-2.5x2 -1e2 Inf -Inf NaN 5+0x1'), [
    '1',
    '2',
    '2',
    '2',
    '3',
    '4',
    '5',
    '5',
    '2.5',
    '0',
    '-100',
    'Infinity',
    '-Infinity',
    'NaN',
    '5',
    '5',
  ]);
});

test('gaps repeat as often as they say', () => {
  assert.deepEqual(points('1 _ _x3 2'), ['1', 'nothing', 'nothing', 'nothing', 'nothing', '2']);
});

test('stale markers are not any NaN', () => {
  const { points } = parseSeries('m NaN stale stalex1');
  assert.deepEqual(
    points.map((point) => point.kind === 'float' && isStale(point.value)),
    [false, true, true, true],
  );
});

test('histograms are described by their parts', () => {
  assert.deepEqual(
    points('{{schema:1 sum:3 count:22 buckets:[5 10 7] offset:-1 z_bucket:2 z_bucket_w:0.5}}'),
    [
      'schema 1 {count:22, sum:3, [-0.5,0.5]:2, (0.5,0.7071067811865475]:5, (0.7071067811865475,1]:10, ' +
        '(1,1.414213562373095]:7} unknown',
    ],
  );
  assert.deepEqual(
    points('{{schema:-53 custom_values:[1 5] buckets:[1 2 3] count:6 counter_reset_hint:gauge}}'),
    ['schema -53 {count:6, sum:0, [-Inf,1]:1, (1,5]:2, (5,+Inf]:3} gauge'],
  );
});

test('histograms repeat, rise and fall', () => {
  assert.deepEqual(points('{{count:1 buckets:[1]}}+{{count:2 buckets:[0 2]}}x1 {{}}x1'), [
    'schema 0 {count:1, sum:0, (0.5,1]:1} unknown',
    'schema 0 {count:3, sum:0, (0.5,1]:1, (1,2]:2} unknown',
    'schema 0 {count:0, sum:0} unknown',
    'schema 0 {count:0, sum:0} unknown',
  ]);
});

test('a reset hint counts only where it was written', () => {
  const hints = parseSeries('m {{counter_reset_hint:not_reset}} {{}}').points.map(
    (point) => point.kind === 'histogram' && [point.hintGiven, point.histogram.resetHint],
  );
  assert.deepEqual(hints, [
    [true, ResetHint.notReset],
    [false, ResetHint.unknown],
  ]);
});

test('start timestamps are durations relative to the points', () => {
  assert.deepEqual(parseStarts('-1m _ 0s _x2 -30sx1 -1m-10sx2'), [
    -60_000,
    undefined,
    0,
    undefined,
    undefined,
    -30_000,
    -30_000,
    -60_000,
    -70_000,
    -80_000,
  ]);
});

test('series names may be quoted, partial or empty', () => {
  const names = ['m{a="1"}', '{"a b", c=\'d\'}', '{a="x,}y"}', '{}', 'm{}'];
  assert.deepEqual(
    names.map((name) => labelsToRecord(parseSeries(`${name} 1`).labels)),
    [{ __name__: 'm', a: '1' }, { __name__: 'a b', c: 'd' }, { a: 'x,}y' }, {}, { __name__: 'm' }],
  );
});

test('commands end at an empty line or a comment', () => {
  const script = `
clear
load 5m
  a 1
  b 2
# between
eval instant at 50m sum(a)
  expect warn msg: careful
  expect no_info
  {} 3
eval_ordered instant at 1m a
`;
  assert.deepEqual(parseScript(script.replace('\neval_', '\n\neval_')).map(summary), [
    'clear',
    'load 300000 of 2',
    'line 7: 3000000 3000000 0 sum(a) -> series 1, warnings 1, infos 0',
    'line 12: 60000 60000 0 a -> series 0, ordered',
  ]);
});

test('a scalar, a range and a range vector are told apart', () => {
  const script = `
eval instant at 0 1
  1

eval range from 1m to 3m step 30s up
  {} 1 2

eval instant at 1m up[1m]
  expect range vector from 10s to 1m step 10s
  {} 1 2
`;
  const commands = parseScript(script);
  assert.deepEqual(commands.map(summary), [
    'line 2: 0 0 0 1 -> scalar',
    'line 5: 60000 180000 30000 up -> series 1',
    'line 8: 60000 60000 0 up[1m] -> series 1',
  ]);
  const [, , vector] = commands;
  assert.ok(vector?.kind === 'eval' && vector.expected.value.kind === 'series');
  assert.deepEqual(vector.expected.value.times, {
    start: 10_000,
    end: 60_000,
    step: 10_000,
    isRangeVector: true,
  });
});

test('what does not follow the language is refused with its line', () => {
  const refused = [
    ['nonsense', /line 1: unknown command "nonsense"/],
    ['\nload 5m\n  a 1 2 y', /line 2: unexpected "y"/],
    ['load\n  a 1', /line 1: a load command needs the interval/],
    ['load 5m\n  a{b} 1', /line 1: expected a value for the label b/],
    ['load 5m\n  a@st -1m\n  b 1', /another series/],
    ['load 5m\n  a@st -1m _\n  a 1', /2 start timestamps for 1 points/],
    ['eval instant at 5m a\n  expect something', /"expect something" is no expectation/],
    ['eval range from 5m to 1m step 1m a', /the end 1m lies before the start 5m/],
  ] as const;
  for (const [script, problem] of refused) assert.throws(() => parseScript(script), problem);
});

function summary(command: Command): string {
  switch (command.kind) {
    case 'clear':
      return 'clear';
    case 'load':
      return `load ${command.interval} of ${command.series.length}`;
    case 'eval': {
      const { line, start, end, step, expr, expected } = command;
      const { value, warnings, infos, ordered } = expected;
      const parts = [
        value.kind === 'series' ? `series ${value.series.length}` : value.kind,
        ...(warnings === undefined ? [] : [`warnings ${warnings.length}`]),
        ...(infos === undefined ? [] : [`infos ${infos.length}`]),
        ...(ordered ? ['ordered'] : []),
      ];
      return `line ${line}: ${start} ${end} ${step} ${expr} -> ${parts.join(', ')}`;
    }
  }
}
