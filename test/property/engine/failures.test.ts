import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { QueryError } from '../../../src/model/errors.ts';
import { print } from '../../../src/promql/print.ts';
import { parse } from '../../../src/promql/parse.ts';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { OPTIONS } from '../../support/evaluate-text.ts';
import { DATA_START } from '../../support/differential/sample-series.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { CURRENT } from '../../support/differential/vocabularies.ts';
import { randomExpr } from '../../support/random-expr.ts';
import { MIXED_SOURCE } from './world.ts';
import { assertProperty } from '../../support/property.ts';

const times = fc.record({
  start: fc.constantFrom(DATA_START, DATA_START + 600_123, 0, -1000),
  span: fc.constantFrom(0, 1, 90_000, 1_200_000),
  step: fc.constantFrom(0, 1000, 60_000, 10_000_000),
});
const features = fc.subarray(['promql-delayed-name-removal', 'type-and-unit-labels', 'use-start-timestamps']);

for (const [what, texts] of Object.entries({
  'any expression of the language': randomExpr.map(print),
  'a query of data that is there': randomQuery(CURRENT),
})) {
  test(`${what} is answered or refused for a reason`, async () => {
    await assertProperty(
      fc.asyncProperty(texts, times, features, async (text, { start, span, step }, chosen) => {
        const end = step === 0 ? start : start + span;
        const options = { ...OPTIONS, maxSamples: 200_000, features: new Set(chosen) };
        try {
          const expr = parse(text, ALL_FEATURES);
          const signal = new AbortController().signal;
          await evaluate({ text, expr, start, end, step }, MIXED_SOURCE, options, signal);
        } catch (thrown) {
          assert.ok(thrown instanceof QueryError, `${text}: ${String(thrown)}`);
          assert.ok(['bad_data', 'execution'].includes(thrown.kind), `${text}: ${thrown.stack}`);
        }
      }),
      { seed: 150_404, numRuns: 1000, endOnFailure: true },
    );
  });
}
