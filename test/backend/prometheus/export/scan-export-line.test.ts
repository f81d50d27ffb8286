import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanExportLine } from '../../../../src/backend/prometheus/export/scan-export-line.ts';
import { labelsToRecord } from '../../../../src/model/labels.ts';
import { eagerPace, NO_PAUSE } from '../../../support/pace.ts';

const SAMPLES = 100_000;

function lineOf(samples: number): Buffer {
  const numbers = Array.from({ length: samples }, (_, i) => i + 1);
  return Buffer.from(`{"metric":{"a":"b"},"values":[${numbers.join()}],"timestamps":[${numbers.join()}]}`);
}

test('a line of very many samples is read in pieces, and is the same', async () => {
  const pace = eagerPace();
  const { metric, columns } = await scanExportLine(lineOf(SAMPLES), false, pace);
  assert.ok(pace.pauses >= (3 * SAMPLES) / 1024, `gave way ${pace.pauses} times`);
  assert.deepEqual(labelsToRecord(metric), { a: 'b' });
  assert.deepEqual(columns, (await scanExportLine(lineOf(SAMPLES), false, NO_PAUSE)).columns);
  assert.deepEqual(
    [columns.length, columns.t[SAMPLES - 1], columns.v[SAMPLES - 1]],
    [SAMPLES, SAMPLES, SAMPLES],
  );
});

test('what a request ends with while a line is read ends the reading', async () => {
  const gone = new Error('gone');
  const pace = { due: () => true, breathe: () => Promise.reject(gone) };
  await assert.rejects(scanExportLine(lineOf(1), false, pace), gone);
});
