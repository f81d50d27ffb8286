import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchLedger } from '../../src/backend/batch-ledger.ts';
import { layOver } from '../../src/backend/lay-over.ts';
import { openBudget } from '../../src/model/budget.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';
import { scopeWith } from '../support/scopes.ts';

const COUNT = 10_000;

test('what a batch has no need of is given back at its end, and labels laid over it count', async () => {
  const ceiling = new MemoryCeiling(0);
  const budget = openBudget(ceiling, { bytes: 0, series: 0 });
  const batch = new SeriesBatch();
  const ledger = new BatchLedger(batch, budget);
  for (let i = 0; i < COUNT; i++) {
    batch.addLabel(batch.table.idOf('i', String(i)));
    batch.addChunk(1, 0, 1, new Uint8Array(10), 0, 10);
    batch.endSeries();
  }
  ledger.settle();
  const full = budget.held;
  ledger.end();
  assert.ok(budget.held < full, `${budget.held} of ${full} bytes stay`);
  assert.equal(budget.held, batch.bytes);
  const before = budget.held;
  await layOver(batch, labelsFromRecord({ shard: '0' }), 'extra', { ...scopeWith(), budget });
  assert.ok(budget.held >= before + 4 * COUNT);
  assert.equal(budget.held, batch.bytes);
  assert.equal(batch.labels(COUNT - 1).join(' '), `i ${COUNT - 1} shard 0`);
  budget.release();
  assert.equal(ceiling.held, 0);
});
