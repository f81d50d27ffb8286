import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';
import { labelMerger, ownReplicaLabels } from '../../../src/select/reading/label-merger.ts';

const MERGED = new Set(['replica']);
type Marked = Parameters<typeof labelMerger>[0];

function merged(endpoint: Marked, series: Record<string, string>): Record<string, string> {
  return labelsToRecord(labelMerger(endpoint, MERGED)(labelsFromRecord(series)));
}

const server: Marked = {
  externalLabels: labelsFromRecord({ cluster: 'x', replica: 'A' }),
  ownLabels: new Set(['replica']),
};

test("an application's label with the name of the replica label is data", () => {
  assert.deepEqual(merged(server, { topic: 't', replica: '2' }), { topic: 't', replica: '2' });
});

test("the endpoint's own mark is taken away", () => {
  assert.deepEqual(merged(server, { topic: 't', replica: 'A' }), { topic: 't' });
});

test('every mark of an endpoint that stands for several replicas is taken away', () => {
  const querier = {
    ...server,
    labelSets: [labelsFromRecord({ replica: 'A' }), labelsFromRecord({ replica: 'B' })],
  };
  assert.deepEqual(merged(querier, { replica: 'B' }), {});
  assert.deepEqual(merged(querier, { replica: '1' }), { replica: '1' });
});

test('where the endpoint has no such label, or no series carries it, the label marks replicas', () => {
  const receiver = { externalLabels: labelsFromRecord({ cluster: 'x' }), ownLabels: 'unknown' } as const;
  assert.deepEqual(merged(receiver, { replica: '2' }), {});
  assert.deepEqual(merged({ ...server, ownLabels: new Set() }, { replica: '2' }), {});
  assert.equal(ownReplicaLabels(receiver, MERGED).size, 0);
});
