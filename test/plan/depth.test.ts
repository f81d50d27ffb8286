import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../src/plan/explain.ts';
import { planQuery } from '../../src/plan/plan-query.ts';
import { parse } from '../../src/promql/parse.ts';

const SETTINGS = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 };
const NOW = { text: '', start: 0, end: 0, step: 0 };

test('ten thousand parentheses fold away', () => {
  const text = `${'('.repeat(10_000)}a${')'.repeat(10_000)}`;
  const plan = planQuery(parse(text), NOW, SETTINGS);
  assert.equal(plan.root.kind, 'vectorSelect');
});

test('a sum of thousands of terms is planned and fetches its selector once', () => {
  const text = Array.from({ length: 3000 }, () => 'a').join(' + ');
  const plan = planQuery(parse(text), NOW, SETTINGS);
  assert.equal(plan.selects.length, 1);
});

test('a plan is shown down to a thousand levels, and refused beyond', () => {
  const planOf = (terms: number) =>
    planQuery(parse(Array.from({ length: terms }, () => 'a').join(' + ')), NOW, SETTINGS);
  assert.equal(explain(planOf(1000)).split('\n').length, 2000);
  assert.throws(() => explain(planOf(1001)), { kind: 'too_large', message: /more than 1000 levels deep/ });
});
