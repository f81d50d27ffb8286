import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ApiResponse, ApiSeries } from '../../recorded/corpus.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { CURRENT } from '../../support/differential/vocabularies.ts';
import { answerOf, instantAt, rangeFrom } from './world.ts';
import { assertProperty } from '../../support/property.ts';

/**
 * Parts whose meaning is bound to the query's range, that pick any of several equal series, or that are ordered in an
 * instant query alone, so that numbers are added up in another order.
 */
const BOUND_TO_RANGE = /\bsort|@|\b(?:step|start|end|range)\(|\binfo\(|\b(?:topk|bottomk|limitk)\b/;
const queries = randomQuery(CURRENT).filter((query) => !BOUND_TO_RANGE.test(query));

/** What a range answer shows at a time, ordered by labels. */
function pointsAt({ data }: ApiResponse, seconds: number): readonly string[] {
  const shown = (data?.result ?? []).flatMap(({ metric, value, values, histogram, histograms }: ApiSeries) =>
    [...(values ?? []), ...(histograms ?? []), ...(value ? [value] : []), ...(histogram ? [histogram] : [])]
      .filter(([time]) => time === seconds)
      .map(([, point]) => JSON.stringify([metric, point])),
  );
  return shown.sort();
}

test('a range query answers at each step what an instant query answers at that time', async () => {
  let points = 0;
  await assertProperty(
    fc.asyncProperty(queries, fc.integer({ min: 0, max: 20 }), async (query, at) => {
      const range = rangeFrom(query, at);
      const whole = await answerOf(range);
      const failures: (string | undefined)[] = [];
      for (let time = range.start; time <= range.end; time += range.step) {
        const instant = await answerOf(instantAt(query, time));
        if (instant.status === 'error') failures.push(instant.error);
        else if (whole.status === 'success') {
          const expected = pointsAt(instant, time / 1000);
          assert.deepEqual(pointsAt(whole, time / 1000), expected, `${query} at ${time}`);
          points += expected.length;
        }
      }
      if (whole.status === 'error') assert.ok(failures.includes(whole.error), `${query}: ${whole.error}`);
      else assert.deepEqual(failures, [], query);
    }),
    { seed: 150_400, numRuns: 400, endOnFailure: true },
  );
  assert.ok(points > 4000, `only ${points} points were compared`);
});
