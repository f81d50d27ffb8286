import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { answerOf, linesOf } from '../support/evaluate-text.ts';
import { PointSource, everyInterval } from '../support/point-source.ts';

const MINUTE = 60_000;

test('a sample is seen until the lookback delta has passed, and not at it', async () => {
  const source = new PointSource({ a: [[0, 7]] });
  const times = { start: 0, end: 3000, step: 1000 };
  assert.deepEqual(await linesOf('a', source, times, { lookbackDelta: 2000 }), ['a 7@0 7@1000']);
});

test('a stale marker ends a series at once, an ordinary NaN does not', async () => {
  const source = new PointSource({
    a: [
      [0, 1],
      [MINUTE, 'stale'],
    ],
    b: [
      [0, 1],
      [MINUTE, NaN],
    ],
  });
  const lines = await linesOf('{__name__=~"a|b"}', source, { start: 0, end: 2 * MINUTE, step: MINUTE });
  assert.deepEqual(lines, ['a 1@0', `b 1@0 NaN@${MINUTE} NaN@${2 * MINUTE}`]);
});

test('an offset looks back, a negative one ahead, and @ stands still', async () => {
  const source = new PointSource({ a: everyInterval(MINUTE, [0, 1, 2, 3, 4]) });
  const times = { start: 2 * MINUTE, end: 3 * MINUTE, step: MINUTE };
  assert.deepEqual(await linesOf('a offset 1m', source, times), ['a 1@120000 2@180000']);
  assert.deepEqual(await linesOf('a offset -1m', source, times), ['a 3@120000 4@180000']);
  assert.deepEqual(await linesOf('a @ 60', source, times), ['a 1@120000 1@180000']);
  assert.deepEqual(await linesOf('a @ end() offset 2m', source, times), ['a 1@120000 1@180000']);
});

test('timestamp() reads the time of the sample, and of anything else that of the step', async () => {
  const source = new PointSource({ a: [[1500, 1]] });
  assert.deepEqual(await linesOf('timestamp(a)', source, { start: 4000 }), ['{} 1.5@4000']);
  assert.deepEqual(await linesOf('timestamp(-a)', source, { start: 4000 }), ['{} 4@4000']);
});

test('timestamp() of a selector with @ and an offset reads at @ what was fetched for the offset', async () => {
  const source = new PointSource({ a: everyInterval(MINUTE, [0, 1, 2, 3, 4]) });
  const times = { start: 4 * MINUTE };
  assert.deepEqual(await linesOf('timestamp(a @ 180 offset 1m)', source, times), [`{} 120@${4 * MINUTE}`]);
  assert.deepEqual(await linesOf('timestamp(a @ 180 offset -1m)', source, times), [`{} 180@${4 * MINUTE}`]);
  assert.deepEqual(
    await linesOf('timestamp(a @ 240 offset 6m)', source, times, { lookbackDelta: MINUTE }),
    [],
  );
});

test('start_timestamp() needs its feature', async () => {
  const source = new PointSource({ a: [[1500, 1, 500]] });
  const features = new Set(['use-start-timestamps']);
  assert.deepEqual(await linesOf('start_timestamp(a)', source, { start: 4000 }, { features }), [
    '{} 0.5@4000',
  ]);
  assert.deepEqual(await linesOf('start_timestamp(a)', source, { start: 4000 }), []);
});

test('a range selector shows its raw samples without stale markers, open to the left', async () => {
  const source = new PointSource({
    a: [
      [0, 1],
      [1000, 2],
      [2000, 'stale'],
      [3000, 4],
    ],
  });
  assert.deepEqual(await linesOf('a[3s]', source, { start: 3000 }), ['a 2@1000 4@3000']);
});

test('an anchored range selector shows a sample at each end', async () => {
  const source = new PointSource({
    a: [
      [0, 1],
      [2000, 3],
      [3000, 9],
    ],
  });
  assert.deepEqual(await linesOf('a[1500ms] anchored', source, { start: 2500 }), ['a 1@1000 3@2000 3@2500']);
  assert.deepEqual(await linesOf('a[1500ms] smoothed', source, { start: 2500 }), ['a 2@1000 3@2000 6@2500']);
});

test('a subquery stands on multiples of its step', async () => {
  const source = new PointSource({ a: everyInterval(1000, [0, 1, 2, 3, 4, 5]) });
  assert.deepEqual(await linesOf('a[3s:2s]', source, { start: 5000 }), ['a 4@4000']);
  assert.deepEqual(await linesOf('a[4s:2s]', source, { start: 5000 }), ['a 2@2000 4@4000']);
});

test('a subquery without step uses the default interval', async () => {
  const source = new PointSource({ a: everyInterval(1000, [0, 1, 2, 3, 4, 5]) });
  const options = { noStepSubqueryInterval: 3000 };
  assert.deepEqual(await linesOf('a[5s:]', source, { start: 5000 }, options), ['a 3@3000']);
});

test('where a subquery begins at the first step of what is around, @ inside is read that much earlier or later', async () => {
  const source = new PointSource({ a: everyInterval(1000, [0, 1, 2, 3, 4, 5, 6, 7]) });
  const early = 'max_over_time((a @ 5)[1s:1s] offset -500ms)';
  assert.deepEqual(await linesOf(early, source, { start: 4000 }), ['{} 4@4000']);
  assert.deepEqual(await linesOf(early, source, { start: 4200 }), ['{} 5@4200']);
  const fixed = 'max_over_time((a @ 5)[1s:1s] @ 4.5)';
  assert.deepEqual(await linesOf(fixed, source, { start: 4000 }), ['{} 4@4000']);
  assert.deepEqual(await linesOf(fixed, source, { start: 3000 }), ['{} 5@3000']);
  const nested = 'max_over_time(max_over_time((a @ 5)[1s:1s] offset -500ms)[1s:1s] offset -800ms)';
  assert.deepEqual(await linesOf(nested, source, { start: 4000 }), ['{} 3@4000']);
  // Nothing was fetched for what lies behind.
  const late = 'max_over_time((a @ 5)[400ms:2s] offset 1500ms)';
  const times = { start: 4000, end: 5500, step: 1500 };
  assert.deepEqual(await linesOf(late, source, times), ['{} 5@5500']);
  const stamp = 'max_over_time((timestamp(a @ 5))[1s:1s] offset -500ms)';
  assert.deepEqual(await linesOf(stamp, source, { start: 4000 }), ['{} 5@4000']);
  // In parameters the subquery reaches as far as its steps would move it.
  const parameter = 'topk(scalar(max_over_time(max_over_time(a[1s:500ms] @ 3)[1s:500ms] @ 4.9)), a)';
  assert.deepEqual(await linesOf(parameter, source, { start: 4000 }), ['a 4@4000']);
});

test('a query with more different selectors than it may have reads nothing; equal ones count once', async () => {
  const options = { mostSelects: 3 };
  let reads = 0;
  const source: SeriesSource = {
    select: async () => {
      reads++;
      return { series: [], annotations: [] };
    },
  };
  await answerOf('a + b + a + c + b', source, { start: 0 }, options);
  assert.equal(reads, 3);
  await assert.rejects(answerOf('a + b + c + d', source, { start: 0 }, options), {
    kind: 'too_large',
    message:
      'the query has 4 different selectors, more than the limit of 3 (--query.max-selectors); ' +
      'select with a regular expression, ask in several queries, or raise the limit',
  });
  assert.equal(reads, 3);
});
