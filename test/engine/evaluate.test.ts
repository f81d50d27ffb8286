import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { SampleBuffer } from '../../src/model/sample-columns.ts';
import { answerOf, linesOf } from '../support/evaluate-text.ts';
import { PointSource, everyInterval } from '../support/point-source.ts';

const SOURCE = new PointSource({
  'a{x="1"}': everyInterval(1000, [1, 2, 3]),
  'a{x="2"}': everyInterval(1000, [4, 5, 6]),
});
const NOW = { start: 2000 };
const ALL = { start: 0, end: 2000, step: 1000 };

test('range queries are for scalars and instant vectors', async () => {
  await assert.rejects(answerOf('a[1m]', SOURCE, ALL), {
    kind: 'bad_data',
    message: 'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  });
  await assert.rejects(answerOf('"x"', SOURCE, ALL), {
    kind: 'bad_data',
    message: 'invalid expression type "string" for range query, must be Scalar or instant Vector',
  });
});

test('a range that ends before it starts has no answer', async () => {
  assert.deepEqual(await linesOf('a + 1', SOURCE, { start: 1000, end: 0, step: 1000 }), []);
});

test('a query over the sample limit fails and names the limit, the samples and itself', async () => {
  await assert.rejects(answerOf('a', SOURCE, ALL, { maxSamples: 5 }), {
    kind: 'execution',
    message:
      'query processing would load too many samples into memory in query execution: ' +
      '6 samples are over the limit of 5 for a',
  });
});

test('an aggregation gives back what it has added up', async () => {
  const { stats } = await answerOf('sum(a) + sum(a)', SOURCE, ALL, { maxSamples: 6 });
  assert.equal(stats.peakSamples, 6);
});

test('samples are counted as an instant query at each step would', async () => {
  const counts = async (query: string): Promise<readonly number[]> => [
    ...(await answerOf(query, SOURCE, ALL)).stats.perStep!,
  ];
  assert.deepEqual(await counts('a'), [2, 2, 2]);
  assert.deepEqual(await counts('rate(a[2s])'), [2, 4, 4]);
  assert.deepEqual(await counts('a @ 0'), [2, 2, 2]);
  assert.deepEqual(await counts('max_over_time(a[2s:1s])'), [2, 4, 4]);
  assert.deepEqual(await counts('time()'), [0, 0, 0]);
  assert.deepEqual(await counts('a smoothed'), [0, 0, 0]);
  assert.deepEqual(await counts('predict_linear(a[2s:1s] @ 2, 1)'), [4, 4, 4]);
  assert.equal((await answerOf('a[2s:1s]', SOURCE, NOW)).stats.totalQueryableSamples, 4);
});

test('all selectors are fetched at once, equal ones once', async () => {
  const source = new PointSource({});
  await answerOf('a + b + a', source, NOW);
  assert.deepEqual(
    source.requests.map(({ matchers }) => matchers.map(({ value }) => value)),
    [['a'], ['b']],
  );
});

test('remarks of the source are part of the answer', async () => {
  const remark = { kind: 'remark', severity: 'warning', message: 'shard 2 did not answer' } as const;
  const { annotations } = await answerOf('a + b', new PointSource({}, [remark]), NOW);
  assert.deepEqual(annotations, [remark]);
});

test('what the source rejects with is what the query fails with', async () => {
  const failing: SeriesSource = {
    select: () => Promise.reject(new QueryError('unavailable', 'shard 2 did not answer')),
  };
  await assert.rejects(answerOf('a + b', failing, NOW), {
    kind: 'unavailable',
    message: 'shard 2 did not answer',
  });
});

test('an aborted query is canceled, one out of time has timed out', async () => {
  await assert.rejects(answerOf('a', SOURCE, NOW, {}, AbortSignal.abort()), {
    kind: 'canceled',
    message: 'query was canceled in query execution',
  });
  const outOfTime = AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
  await assert.rejects(answerOf('a', SOURCE, NOW, {}, outOfTime), {
    kind: 'timeout',
    message: 'query timed out in query execution',
  });
});

test('a long evaluation gives way to the event loop, and ends when it is aborted there', async () => {
  const series = Array.from({ length: 3 }, (_, i) => ({
    labels: labelsFromRecord({ i: String(i) }),
    dropName: false as const,
    read: (target: SampleBuffer) => {
      target.clear();
      for (const end = performance.now() + 15; performance.now() < end;);
    },
  }));
  const source: SeriesSource = { select: () => Promise.resolve({ series, annotations: [] }) };
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  await assert.rejects(answerOf('a', source, NOW, {}, stop.signal), { kind: 'canceled' });
});

test('the fetches of a query that is over are aborted', async () => {
  const signals: AbortSignal[] = [];
  const source: SeriesSource = {
    select: (_request, signal) => {
      signals.push(signal);
      return Promise.resolve({ series: [], annotations: [] });
    },
  };
  await answerOf('a + b', source, NOW);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
});

const deep: readonly (readonly [what: string, query: string])[] = [
  ['parentheses', `${'('.repeat(10_000)}a{x="1"}${')'.repeat(10_000)}`],
  ['a sum that leans left', `${'a{x="1"} + '.repeat(3000)} 0`],
  ['a sum that leans right', `${'0 * a{x="1"} + ('.repeat(1500)}a{x="1"}${')'.repeat(1500)}`],
  ['functions', `${'abs('.repeat(3000)}a{x="1"}${')'.repeat(3000)}`],
  ['aggregations', `${'sum('.repeat(1500)}a{x="1"}${')'.repeat(1500)}`],
];

for (const [what, query] of deep) {
  test(`${what} may be nested deeply`, async () => {
    const { value } = await answerOf(query, SOURCE, ALL);
    assert.equal(value.kind === 'matrix' && value.series.length, 1);
  });
}
