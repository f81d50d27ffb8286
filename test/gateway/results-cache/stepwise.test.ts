import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStepwise } from '../../../src/gateway/results-cache/stepwise.ts';
import { ALL_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';

const STEPWISE = [
  'up',
  '{__name__=~"a|b"}',
  'sum by (job) (rate(a[5m] offset 1h))',
  'histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))',
  'topk(5, a) / on (job) group_left () b',
  'max_over_time(rate(a[5m])[1h:1m])',
  'a or b',
  'abs({__name__=~"a|b"})',
  '-sum(a or b)',
  '-(a > 5)',
  'rate((a > bool b)[5m:])',
  'last_over_time({__name__=~"a|b"}[5m])',
  'time() + vector(1)',
  '-count_values("value", a)',
];

const NOT = [
  'a @ 100',
  'a @ end()',
  'rate(a[5m] @ start())',
  'sum(a) + range()',
  'vector(start())',
  'a * step()',
  'rate(a[range()])',
  'a offset (1m + step())',
  'label_replace(a, "b", "$1", "c", "(.*)")',
  'sum(label_join(a, "b", "-", "c"))',
  'limitk(2, a)',
  'info(a)',
  'rate({__name__=~"a|b"}[5m])',
  'rate({job="a"}[5m])',
  'max_over_time((a or b)[5m:1m])',
  '-(a or b)',
  '-(a or sum(b))',
  '-last_over_time({job="a"}[5m])',
  '-sum by (__name__) (a)',
  '-(a > on (job) b)',
  '-topk(1, {job="a"})',
  '-count_values("__name__", a)',
];

test('an expression is stepwise where each step follows from the samples and its time', () => {
  for (const text of STEPWISE) assert.equal(isStepwise(parse(text, ALL_FEATURES)), true, text);
});

test('an expression that depends on the range, or may on series of other steps, is not', () => {
  for (const text of NOT) assert.equal(isStepwise(parse(text, ALL_FEATURES)), false, text);
});
