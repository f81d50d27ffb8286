import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planQuery } from '../../src/plan/plan-query.ts';
import { parse } from '../../src/promql/parse.ts';

const WINDOW = { start: 0, end: 0, step: 0 };
const SETTINGS = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };

test('only the newest sample is needed before the first step of an instant vector, unless a range shares the select', async () => {
  const lookbacksOf = (text: string): readonly number[] => {
    const { selects } = planQuery(parse(text), { ...WINDOW, text }, SETTINGS);
    return selects.map(({ lookback }) => lookback);
  };
  assert.deepEqual(lookbacksOf('x + y'), [300_000, 300_000]);
  assert.deepEqual(lookbacksOf('rate(x[5m])'), [0]);
  assert.deepEqual(lookbacksOf('x + rate(x[5m])'), [0]);
  assert.deepEqual(lookbacksOf('rate(x[5m]) + x'), [0]);
  assert.deepEqual(lookbacksOf('x + rate(x[10m])'), [300_000, 0]);
});
