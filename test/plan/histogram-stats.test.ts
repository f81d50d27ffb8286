import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../src/plan/explain.ts';
import { planQuery } from '../../src/plan/plan-query.ts';
import { parse } from '../../src/promql/parse.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';

const WINDOW = { text: '', start: 0, end: 600_000, step: 60_000, range: 600_000 };
const SETTINGS = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };

function readsCountsAndSums(query: string): boolean {
  const plan = planQuery(parse(query, new Set(ALL_FEATURES)), WINDOW, SETTINGS);
  return explain(plan).includes('counts and sums');
}

test('counts, sums and averages need no buckets, however deep the selector is', () => {
  assert.equal(readsCountsAndSums('histogram_count(h)'), true);
  assert.equal(readsCountsAndSums('histogram_avg(sum by (job) (rate(h[5m])))'), true);
  assert.equal(readsCountsAndSums('h'), false);
});

test('quantiles, trims and subqueries need the buckets', () => {
  assert.equal(readsCountsAndSums('histogram_quantile(0.9, h)'), false);
  assert.equal(readsCountsAndSums('histogram_count(h </ 5)'), false);
  assert.equal(readsCountsAndSums('histogram_sum(rate(h[5m:1m]))'), false);
});
