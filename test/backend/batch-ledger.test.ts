import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchLedger } from '../../src/backend/batch-ledger.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { ownBudget } from '../../src/model/own-budget.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';

const CHUNK_BYTES = 1024;
const SERIES = 10_000;

/** A batch of ten megabytes, and what keeps count of it. */
function filled() {
  const budget = ownBudget();
  const batch = new SeriesBatch();
  const ledger = new BatchLedger(batch, budget);
  const chunk = { encoding: 1, minTime: 1, maxTime: 2, data: new Uint8Array(CHUNK_BYTES) };
  for (let i = 0; i < SERIES; i++) {
    batch.add(labelsFromRecord({ a: String(i) }), { kind: 'chunks', chunks: [chunk] });
    ledger.settle();
  }
  return { budget, batch, ledger };
}

test('what an unused batch held is free at once, and not when garbage is collected', () => {
  const before = process.memoryUsage().arrayBuffers;
  const { budget, batch, ledger } = filled();
  assert.ok(budget.held >= SERIES * CHUNK_BYTES);
  assert.ok(process.memoryUsage().arrayBuffers - before >= SERIES * CHUNK_BYTES);
  ledger.drop();
  assert.equal(budget.held, 0);
  assert.equal(batch.length, 0);
  assert.ok(process.memoryUsage().arrayBuffers - before < (SERIES * CHUNK_BYTES) / 4);
});

test('a batch that was dropped takes what still comes as an empty one does', () => {
  const { batch, ledger } = filled();
  ledger.drop();
  const data = Uint8Array.of(1, 2, 3);
  batch.add(labelsFromRecord({ b: 'c' }), {
    kind: 'chunks',
    chunks: [{ encoding: 1, minTime: 1, maxTime: 2, data }],
  });
  assert.deepEqual(
    Array.from(batch, ({ labels }) => labels),
    [labelsFromRecord({ b: 'c' })],
  );
});
