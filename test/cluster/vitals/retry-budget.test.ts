import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetryBudget } from '../../../src/cluster/vitals/retry-budget.ts';

function taken(budget: RetryBudget, tries: number): number {
  let count = 0;
  for (let i = 0; i < tries; i++) if (budget.take()) count++;
  return count;
}

test('ten retries are there at the start, then one for ten calls', () => {
  const budget = new RetryBudget();
  assert.equal(taken(budget, 100), 10);
  for (let call = 0; call < 30; call++) budget.earn();
  assert.equal(taken(budget, 100), 3);
});

test('no more are saved up than there were at the start', () => {
  const budget = new RetryBudget();
  for (let call = 0; call < 1000; call++) budget.earn();
  assert.equal(taken(budget, 100), 10);
});

test('an endpoint of which each call fails is asked a tenth more often', () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let call = 0; call < 10_000; call++) {
    budget.earn();
    if (budget.take()) retries++;
  }
  assert.ok(retries <= 1010, `${retries} retries`);
});
