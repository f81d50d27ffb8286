import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { responseProblem } from '../../recorded/compare-responses.ts';
import type { ApiResponse, ApiSample, ApiSeries } from '../../recorded/corpus.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { CURRENT } from '../../support/differential/vocabularies.ts';
import { answerOf, instantAt, rangeFrom, unnamed } from './world.ts';
import { assertProperty } from '../../support/property.ts';

/** Parts whose meaning is bound to the query's range, or that pick any of several equal series. */
const BOUND_TO_RANGE = /@|\b(?:step|start|end|range)\(|\binfo\(|\b(?:topk|bottomk|limitk)\b/;
const queries = randomQuery(CURRENT).filter((query) => !BOUND_TO_RANGE.test(query));

/** What a range answer shows at a time, as the answer of an instant query. */
function vectorAt({ data }: ApiResponse, seconds: number): ApiResponse {
  const result = (data?.result ?? []).flatMap(({ metric, values, histograms }): readonly ApiSeries[] => {
    const value = values?.find(([time]) => time === seconds);
    const histogram = histograms?.find(([time]) => time === seconds);
    if (value !== undefined) return [{ metric, value }];
    return histogram === undefined ? [] : [{ metric, histogram }];
  });
  return { status: 'success', data: { resultType: 'vector', result } };
}

/** The answer of an instant query as a vector, without remarks: those of a range query are of all its steps. */
function vectorOf({ data }: ApiResponse, seconds: number): ApiResponse {
  const isScalar = data!.resultType === 'scalar';
  const value = data!.result as unknown as ApiSample;
  const result = isScalar ? [{ metric: {}, value: [seconds, value[1]] as const }] : data!.result;
  return { status: 'success', data: { resultType: 'vector', result } };
}

test('a range query answers at each step what an instant query answers at that time', async () => {
  let points = 0;
  await assertProperty(
    fc.asyncProperty(queries, fc.integer({ min: 0, max: 20 }), async (query, at) => {
      const range = rangeFrom(query, at);
      const whole = await answerOf(range);
      const failures: string[] = [];
      for (let time = range.start; time <= range.end; time += range.step) {
        const instant = await answerOf(instantAt(query, time));
        if (instant.status === 'error') failures.push(unnamed(instant.error!));
        else if (whole.status === 'success') {
          const expected = vectorOf(instant, time / 1000);
          // Groups come in another order where some have no samples, so sums of them may differ in their last bits.
          const problem = responseProblem(query, expected, vectorAt(whole, time / 1000));
          assert.equal(problem, undefined, `${query} at ${time}: ${problem}`);
          points += expected.data!.result.length;
        }
      }
      if (whole.status === 'error')
        assert.ok(failures.includes(unnamed(whole.error!)), `${query}: ${whole.error}`);
      else assert.deepEqual(failures, [], query);
    }),
    { seed: 150_400, numRuns: 400, endOnFailure: true },
  );
  assert.ok(points > 4000, `only ${points} points were compared`);
});
