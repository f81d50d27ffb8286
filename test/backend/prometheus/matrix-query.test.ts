import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scanMatrix } from '../../../src/backend/prometheus/matrix-scanner.ts';
import { CUSTOM_BUCKETS_SCHEMA } from '../../../src/model/histogram/float-histogram.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { startFakePrometheus } from '../../support/fake-prometheus.ts';
import { sendJson } from '../../support/fake-server.ts';
import { SELECT_UP, backendAt, failureOf, valueOf } from './support.ts';
import { eagerPace, NO_PAUSE } from '../../support/pace.ts';
import { scopeWith, told } from '../../support/scopes.ts';

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

test('a matrix becomes columns, whatever the order of the keys', async () => {
  const { series, annotations } = await scanMatrix(
    bytes({
      isPartial: true,
      warnings: ['w'],
      data: {
        result: [
          {
            values: [
              [1.5, '1'],
              [2, 'NaN'],
            ],
            metric: { b: 'x', __name__: 'up' },
            group: 1,
          },
          { metric: {}, values: [] },
        ],
        resultType: 'matrix',
      },
      stats: { seriesFetched: '2' },
      status: 'success',
    }),
    NO_PAUSE,
  );
  assert.deepEqual(series[0]!.metric, labelsFromRecord({ __name__: 'up', b: 'x' }));
  assert.deepEqual([...series[0]!.floats.t], [1500, 2000]);
  assert.deepEqual([...series[0]!.floats.v], [1, NaN]);
  assert.equal(series[1]!.floats.length, 0);
  assert.deepEqual(
    told(annotations).map(({ message }) => message),
    ['w', 'the server marked its own answer as partial'],
  );
});

for (const [name, body] of [
  ['a vector', { status: 'success', data: { resultType: 'vector', result: [] } }],
  ['no data', { status: 'success' }],
] as const)
  test(`${name} instead of a matrix is bad data`, async () => {
    await assert.rejects(scanMatrix(bytes(body), NO_PAUSE), { kind: 'bad_data' });
  });

test('every cut of a matrix is refused', async () => {
  const whole = bytes({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { a: 'b' },
          values: [
            [1, '2'],
            [3, '4'],
          ],
        },
      ],
    },
  });
  for (let length = 0; length < whole.length; length++)
    await assert.rejects(
      scanMatrix(whole.subarray(0, length), NO_PAUSE),
      { kind: 'bad_data' },
      `cut at ${length}`,
    );
});

test('of equal names the last counts, as where JSON becomes objects', async () => {
  const series = (name: string, values: string): string =>
    `{"metric":{"a":"x"},"values":[[1,"0"]],"metric":{"a":"y","a":"${name}"},"values":[${values}]}`;
  const text =
    `{"status":"success","data":{"resultType":"vector","result":[${series('no', '[1,"1"],[2,"1"]')}],` +
    `"resultType":"matrix","result":[${series('yes', '[3,"4"]')}]}}`;
  const { series: found } = await scanMatrix(Buffer.from(text), NO_PAUSE);
  assert.deepEqual(
    found.map(({ metric, floats }) => [metric, [...floats.t], [...floats.v]]),
    [[['a', 'yes'], [3000], [4]]],
  );
});

test('an answer that has its data twice is damaged: which of the two counts is not said', async () => {
  const data = '{"resultType":"matrix","result":[]}';
  for (const text of [`{"data":${data},"status":"success","data":${data}}`, `{"data":${data},"data":1}`])
    await assert.rejects(scanMatrix(Buffer.from(text), NO_PAUSE), {
      kind: 'bad_data',
      message: /^its answer is damaged: it has `data` twice/,
    });
});

test('a long series, and what nobody knows, is read with pauses inside of it, to the same samples', async () => {
  const values = Array.from({ length: 20_000 }, (_, i) => [i, String(i)]);
  const unknown = Array.from({ length: 20_000 }, () => ({ a: ['{', { b: [1, null, -1.5e3, 'x"]'] }] }));
  const result = [{ unknown, metric: { a: 'b' }, more: 1, values, none: {} }];
  const pace = eagerPace();
  let most = 0;
  const { series } = await scanMatrix(
    bytes({ unknown, status: 'success', data: { unknown, result, resultType: 'matrix' } }),
    pace,
    (held) => (most = Math.max(most, held)),
  );
  assert.equal(series[0]!.floats.v[19_999], 19_999);
  assert.equal(series[0]!.floats.length, 20_000);
  assert.ok(pace.pauses > 30, `${pace.pauses} pauses`);
  assert.ok(most >= 20_000 * 16 && most < 20_000 * 17, `${most} bytes held`);
});

test('a matrix is refused where it nests, or lists, more than any', async () => {
  const text = (unknown: string, metric = '{}', histograms = '[]'): Buffer =>
    Buffer.from(
      `{"status":"success","infos":${unknown},"data":{"resultType":"matrix","result":[{"metric":${metric},"histograms":${histograms}}]}}`,
    );
  const labels = Array.from({ length: 10_001 }, (_, i) => `"l${i}":"v"`).join(',');
  const buckets = '[0,"1","2","3"],'.repeat(100_000);
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [text('['.repeat(2_000_000)), /expected a value of at most 1048576 bytes/],
    [text('[1 2]'), /expected a valid value/],
    [text('[]', `{${labels}}`), /a series has more than 10000 labels/],
    [
      text('[]', '{}', `[[1,{"count":"1","sum":"1","buckets":[${buckets}[0,"1","2","3"]]}]]`),
      /a histogram has more than 100000 buckets/,
    ],
  ];
  for (const [body, message] of cases)
    await assert.rejects(scanMatrix(body, NO_PAUSE), { name: 'EndpointError', message });
});

test('a matrix is read with pauses between its series', async () => {
  const result = Array.from({ length: 100 }, (_, i) => ({ metric: { i: String(i) }, values: [[1, '2']] }));
  const pace = eagerPace();
  await scanMatrix(bytes({ status: 'success', data: { resultType: 'matrix', result } }), pace);
  assert.equal(pace.pauses, 100);
});

async function select(t: Parameters<typeof backendAt>[0], result: unknown) {
  const server = await startFakePrometheus({
    '/api/v1/query': (_, response) =>
      sendJson(response, { status: 'success', data: { resultType: 'matrix', result } }),
  });
  t.after(() => server.close());
  return valueOf(await backendAt(t, server.url).select(scopeWith(), SELECT_UP));
}

test('native histograms are rebuilt from their printed buckets', async (t) => {
  const { series, annotations } = await select(t, [
    {
      metric: { __name__: 'h' },
      values: [[1001, '7']],
      histograms: [
        [
          1000,
          {
            count: '10',
            sum: '5',
            buckets: [
              [1, '-2', '-1', '1'],
              [3, '-0.25', '0.25', '2'],
              [0, '0.5', '1', '3'],
              [0, '2', '4', '4'],
            ],
          },
        ],
        [1002, { count: '0', sum: '0' }],
      ],
    },
  ]);
  const { data } = [...series][0]!;
  assert.ok(data.kind === 'columns');
  const { t: times, v, h } = data.columns;
  assert.deepEqual([...times], [1_000_000, 1_001_000, 1_002_000]);
  assert.equal(v[1], 7);
  const first = h!.at(0)!;
  assert.deepEqual(
    {
      ...first,
      positive: [[...first.positive.index], [...first.positive.count]],
      negative: [...first.negative.index],
    },
    {
      schema: 0,
      resetHint: 0,
      count: 10,
      sum: 5,
      zeroThreshold: 0.25,
      zeroCount: 2,
      positive: [
        [0, 2],
        [3, 4],
      ],
      negative: [1],
      customValues: new Float64Array(0),
    },
  );
  assert.equal(h!.at(1), undefined);
  assert.equal(h!.at(2)!.schema, 0, 'a histogram without buckets has the schema of its neighbours');
  assert.equal(h!.at(2)!.zeroThreshold, 0.25);
  assert.ok(told(annotations).some(({ message }) => /rebuilt from their printed buckets/.test(message)));
});

test('custom boundaries are shared by all histograms of a metric', async (t) => {
  const { series } = await select(t, [
    {
      metric: { __name__: 'h', a: '1' },
      histograms: [[1000, { count: '3', sum: '5', buckets: [[0, '1', '2', '3']] }]],
    },
    {
      metric: { __name__: 'h', a: '2' },
      histograms: [
        [
          1000,
          {
            count: '3',
            sum: '5',
            buckets: [
              [3, '-Inf', '0.3', '1'],
              [0, '0.3', '1', '1'],
              [0, '5', '+Inf', '1'],
            ],
          },
        ],
      ],
    },
  ]);
  const histograms = [...series].map(({ data }) =>
    data.kind === 'columns' ? data.columns.h!.at(0)! : undefined,
  );
  for (const h of histograms) {
    assert.equal(h!.schema, CUSTOM_BUCKETS_SCHEMA);
    assert.deepEqual([...h!.customValues], [0.3, 1, 2, 5]);
  }
  assert.deepEqual([...histograms[0]!.positive.index], [2]);
  assert.deepEqual([...histograms[1]!.positive.index], [0, 1, 4]);
});

test('layouts that contradict each other inside of a metric are told', async (t) => {
  const { series, annotations } = await select(t, [
    {
      metric: { __name__: 'h', a: '1' },
      histograms: [[1000, { count: '1', sum: '5', buckets: [[0, '0.3', '5', '1']] }]],
    },
    {
      metric: { __name__: 'h', a: '2' },
      histograms: [[1000, { count: '1', sum: '5', buckets: [[0, '0.3', '1', '1']] }]],
    },
  ]);
  assert.equal(series.length, 2);
  assert.ok(
    told(annotations).some(
      ({ severity, message }) => severity === 'warning' && /differ inside of a metric/.test(message),
    ),
  );
});

test('a series with a label without a name, or with half of a character, is a failure', async (t) => {
  for (const [metric, problem] of [
    [{ __name__: 'up', '': 'x' }, 'a label without a name'],
    [{ __name__: 'up', a: '\ud800' }, 'half of a character'],
  ] as const) {
    const server = await startFakePrometheus({
      '/api/v1/query': (_, response) =>
        sendJson(response, {
          status: 'success',
          data: { resultType: 'matrix', result: [{ metric, values: [[1, '7']] }] },
        }),
    });
    t.after(() => server.close());
    const { kind, reason } = failureOf(await backendAt(t, server.url).select(scopeWith(), SELECT_UP));
    assert.equal(kind, 'bad_data');
    assert.match(reason, new RegExp(`^its answer to a query is damaged: .*${problem}`));
  }
});
