import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, linesOf } from '../support/evaluate-text.ts';
import { exponential } from '../support/histograms.ts';
import { everyInterval, PointSource } from '../support/point-source.ts';

const SOURCE = new PointSource({
  'a{host="x",job="1"}': [
    [0, 1],
    [1000, 9],
  ],
  'a{host="y",job="1"}': [
    [0, 2],
    [1000, 2],
  ],
  'a{host="z",job="2"}': [
    [0, 4],
    [1000, 2],
  ],
});
const NOW = { start: 0 };
const BOTH = { start: 0, end: 1000, step: 1000 };

const answers: readonly (readonly [query: string, lines: readonly string[], times?: typeof BOTH])[] = [
  ['sum(a)', ['{} 7@0']],
  ['sum by (job) (a)', ['{job="1"} 3@0 11@1000', '{job="2"} 4@0 2@1000'], BOTH],
  ['sum without (host) (a)', ['{job="1"} 3@0', '{job="2"} 4@0']],
  ['avg by (missing) (a)', ['{} 2.3333333333333335@0']],
  ['count by (__name__) (a)', ['a 3@0']],
  ['group(a)', ['{} 1@0']],
  ['max(a)', ['{} 4@0 9@1000'], BOTH],
  ['min by (job) (a)', ['{job="1"} 1@0 2@1000', '{job="2"} 4@0 2@1000'], BOTH],
  ['stdvar(a)', ['{} 1.5555555555555554@0']],
  ['quantile(0.5, a)', ['{} 2@0 2@1000'], BOTH],
  ['topk(2, a)', ['a{host="z", job="2"} 4@0', 'a{host="y", job="1"} 2@0']],
  ['topk(1, a)', ['a{host="x", job="1"} 9@1000', 'a{host="z", job="2"} 4@0'], BOTH],
  ['bottomk by (job) (1, a)', ['a{host="x", job="1"} 1@0', 'a{host="z", job="2"} 4@0']],
  ['limitk(2, a)', ['a{host="x", job="1"} 1@0', 'a{host="y", job="1"} 2@0']],
  ['count_values("v", a)', ['{v="1"} 1@0', '{v="2"} 1@0 2@1000', '{v="4"} 1@0', '{v="9"} 1@1000'], BOTH],
  ['count_values by (job) ("v", a > 3)', ['{job="2", v="4"} 1@0']],
  ['topk(0, a)', []],
  ['topk(-1e15, a)', []],
  ['topk(1e15, a{job="2"})', ['a{host="z", job="2"} 4@0']],
  ['sum(a > 100)', []],
];

for (const [query, lines, times = NOW] of answers) {
  test(`${query} at ${JSON.stringify(times)}`, async () => {
    assert.deepEqual(await linesOf(query, SOURCE, times, { lookbackDelta: 900 }), lines);
  });
}

test('limit_ratio splits the series in two', async () => {
  const kept = await linesOf('limit_ratio(0.5, a)', SOURCE, NOW);
  const others = await linesOf('limit_ratio(-0.5, a)', SOURCE, NOW);
  assert.deepEqual([...kept, ...others].sort(), await linesOf('a', SOURCE, NOW));
});

test('a parameter may change from step to step', async () => {
  const lines = await linesOf('topk(scalar(a{host="y"}) - 1, a{job="1"})', SOURCE, BOTH);
  assert.deepEqual(lines, ['a{host="x", job="1"} 9@1000', 'a{host="y", job="1"} 2@0']);
});

const SECOND = 1000;
const RISING = new PointSource({
  b: everyInterval(SECOND, [1, 2, 3, 4, 5, 6]),
  'c{i="1"}': everyInterval(SECOND, [10, 10, 10, 10, 10, 10]),
  'c{i="2"}': everyInterval(SECOND, [20, 20, 20, 20, 20, 20]),
});
const THREE = { start: 0, end: 2000, step: 1000 };

/** As Prometheus 3.14 answers: it leaves parameters out when it looks for parts that are the same at every step. */
const parameters: readonly (readonly [query: string, lines: readonly string[]])[] = [
  // The time moves on with the steps, but nothing was fetched behind it.
  ['quantile(scalar(b @ 1) / 4, c)', ['{} 15@0 15@1000 NaN@2000']],
  ['quantile(scalar(timestamp(b @ 1)) / 2, c)', ['{} 15@0 15@1000 15@2000']],
  ['quantile(scalar(sum_over_time(b[1s] @ 1)) / 4, c)', ['{} 15@0 15@1000 15@2000']],
  ['quantile(scalar(b @ end() - 1), c)', ['{} 10@0 20@1000 +Inf@2000']],
  ['quantile(scalar(b @ 1) / 4, c @ 5)', ['{} 15@0 15@1000 15@2000']],
  ['sum(c) * scalar(b @ 1)', ['{} 60@0 60@1000 60@2000']],
];

for (const [query, lines] of parameters) {
  test(`@ in a parameter: ${query}`, async () => {
    const found = await linesOf(query, RISING, THREE, { lookbackDelta: 1500 });
    assert.deepEqual(
      found,
      lines.map((line) => line.replace('+Inf', 'Infinity')),
    );
  });
}

const failures: readonly (readonly [query: string, message: string])[] = [
  ['topk(NaN, a)', 'Parameter value is NaN'],
  ['topk(1e30, a)', 'Scalar value 1e+30 overflows int64'],
  ['limit_ratio(NaN, a)', 'Ratio value is NaN'],
  ['count_values("", a)', 'invalid label name ""'],
];

for (const [query, message] of failures) {
  test(`${query} fails`, async () => {
    await assert.rejects(linesOf(query, SOURCE, NOW), { kind: 'execution', message });
  });
}

test('floats and histograms together give no sum but a warning that points to the expression', async () => {
  const source = new PointSource({ f: [[0, 1]], h: [[0, exponential({ positive: { 1: 1 } })]] });
  const { value, annotations } = await answerOf('sum({__name__=~"f|h"})', source, NOW);
  assert.deepEqual(value, { kind: 'vector', samples: [] });
  assert.deepEqual(annotations, [
    {
      kind: 'remark',
      severity: 'warning',
      message: 'PromQL warning: encountered a mix of histograms and floats for aggregation',
      at: { start: 4, end: 21 },
    },
  ]);
});
