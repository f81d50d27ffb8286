import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../support/evaluate-text.ts';
import { PointSource } from '../support/point-source.ts';

const SOURCE = new PointSource({
  'left{host="a"}': [
    [0, 1],
    [1000, 2],
  ],
  'left{host="b"}': [[1000, 3]],
  'right{host="a"}': [[0, 10]],
  'right{host="c"}': [[1000, 30]],
  'cores{host="a",core="0"}': [[0, 5]],
  'cores{host="a",core="1"}': [[0, 6]],
  'info{host="a",os="linux"}': [[0, 1]],
  'late{host="a"}': [[1000, 1]],
  'late{host="a",x="1"}': [[1000, 1]],
});
const NOW = { start: 0 };
const LATER = { start: 1000 };
const BOTH = { start: 0, end: 1000, step: 1000 };
const SHORT = { lookbackDelta: 900 };

const answers: readonly (readonly [
  query: string,
  lines: readonly string[],
  times?: typeof BOTH | typeof NOW,
])[] = [
  ['left + right', ['{host="a"} 11@0']],
  ['left < right', ['left{host="a"} 1@0']],
  ['(left - 2) atan2 (right - 11)', ['{host="a"} -2.356194490192345@0']],
  ['-(5e-324 * left) atan2 -right', ['{host="a"} 3.141592653589793@0']],
  ['left < bool right', ['{host="a"} 1@0']],
  ['left >= on (host) right', []],
  ['3 < left', [], NOW],
  ['2.5 < left', ['left{host="b"} 3@1000'], LATER],
  ['left and right', ['left{host="a"} 1@0']],
  ['left unless right', ['left{host="a"} 2@1000', 'left{host="b"} 3@1000'], LATER],
  ['cores / on (host) group_left left', ['{core="0", host="a"} 5@0', '{core="1", host="a"} 6@0']],
  ['left * on (host) group_right (os) cores', ['{core="0", host="a"} 5@0', '{core="1", host="a"} 6@0']],
  [
    'cores * on (host) group_left (os) info',
    ['{core="0", host="a", os="linux"} 5@0', '{core="1", host="a", os="linux"} 6@0'],
  ],
  ['left + fill_right (100) right', ['{host="a"} 11@0 102@1000', '{host="b"} 103@1000'], BOTH],
  ['left + fill_left (100) right', ['{host="a"} 11@0', '{host="c"} 130@1000'], BOTH],
  [
    'left + fill (100) right',
    ['{host="a"} 11@0 102@1000', '{host="b"} 103@1000', '{host="c"} 130@1000'],
    BOTH,
  ],
  ['left + 1', ['{host="a"} 2@0']],
  ['2 ^ 3 % 3', ['2@0']],
  ['-left', ['{host="a"} -1@0']],
  ['left atan2 left', ['{host="a"} 0.7853981633974483@0']],
];

for (const [query, lines, times = NOW] of answers) {
  test(`${query} at ${JSON.stringify(times)}`, async () => {
    assert.deepEqual(await linesOf(query, SOURCE, times, SHORT), lines);
  });
}

test('a series on both sides of `or` is one series', async () => {
  const lines = await linesOf('(left < 2) or left', SOURCE, BOTH, SHORT);
  assert.deepEqual(lines, ['left{host="a"} 1@0 2@1000', 'left{host="b"} 3@1000']);
});

const failures: readonly (readonly [query: string, message: string])[] = [
  [
    'left + on (host) cores',
    'found duplicate series for the match group {host="a"} on the right hand-side of the operation: ' +
      '[{__name__="cores", core="1", host="a"}, {__name__="cores", core="0", host="a"}]' +
      ';many-to-many matching not allowed: matching labels must be unique on one side',
  ],
  [
    'cores + on (host) left',
    'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
  ],
  [
    'cores + on (host) group_left (core) left',
    'multiple matches for labels: grouping labels must ensure unique matches',
  ],
  ['scalar(topk(NaN, left)) + sum_over_time(left[1m] anchored)', 'Parameter value is NaN'],
  ['topk(NaN, left) + sum_over_time(left[1m] anchored)', 'Parameter value is NaN'],
  ['-{host="a",os="",core=""}', 'vector cannot contain metrics with the same labelset'],
];

for (const [query, message] of failures) {
  test(`${query} fails`, async () => {
    await assert.rejects(linesOf(query, SOURCE, NOW, SHORT), { kind: 'execution', message });
  });
}

test('two values of a group on the one side are no error at steps without the other side', async () => {
  const lines = await linesOf('right{host="a"} + on (host) late', SOURCE, BOTH, SHORT);
  assert.deepEqual(lines, []);
});

test('the error is that of the first bad step', async () => {
  const source = new PointSource({
    'many{x="1"}': [
      [0, 1],
      [1000, 1],
    ],
    'many{x="2"}': [[1000, 1]],
    'one{y="1"}': [
      [0, 1],
      [1000, 1],
      [2000, 1],
    ],
    'one{y="2"}': [[2000, 1]],
  });
  const query = 'many + on () one';
  const times = { start: 0, end: 2000, step: 1000 };
  await assert.rejects(
    linesOf(query, source, times, { lookbackDelta: 1500 }),
    /^QueryError: multiple matches/,
  );
});

test('trimming two scalars fails when it is evaluated', async () => {
  await assert.rejects(linesOf('1 </ 2', SOURCE, NOW), {
    kind: 'execution',
    message: 'operator "</" not allowed for Scalar operations',
  });
});

test('with delayed name removal, a series of both sides keeps its name where its first value does', async () => {
  const features = new Set(['promql-delayed-name-removal']);
  const lines = (query: string): Promise<readonly string[]> =>
    linesOf(query, SOURCE, BOTH, { lookbackDelta: 900, features });
  assert.deepEqual(await lines('rate(left[500ms]) or left{host="a"}'), ['left{host="a"} 1@0 2@1000']);
  assert.deepEqual(await lines('(-left{host="a"} < 0 > -2) or left{host="a"}'), ['{host="a"} -1@0 2@1000']);
});
