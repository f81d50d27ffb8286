import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { mergeMetadata, mergeTargetMetadata } from '../../../src/select/lists/merge-metadata.ts';
import { testPacer } from '../../support/pace.ts';

const about = (metric: string, help: string) => ({ metric, type: 'gauge', unit: '', help });

test('metadata is sorted by metric, and of a metric first what most endpoints say', async () => {
  const merged = await mergeMetadata(
    [about('b', 'x'), about('a', 'rare'), about('a', 'usual'), about('a', 'usual')],
    testPacer(),
  );
  assert.deepEqual(merged, [about('a', 'usual'), about('a', 'rare'), about('b', 'x')]);
});

test('metadata of a target that two replicas scrape appears once', async () => {
  const of = (replica: string, metric: string) => ({
    ...about(metric, 'h'),
    target: labelsFromRecord({ job: 'x', __replica__: replica }),
  });
  const items = [of('b', 'm'), of('a', 'm'), of('a', 'l')];
  assert.deepEqual(
    (await mergeTargetMetadata(items, new Set(['__replica__']), testPacer())).map(({ metric, target }) => [
      metric,
      ...target,
    ]),
    [
      ['l', 'job', 'x'],
      ['m', 'job', 'x'],
    ],
  );
  assert.equal((await mergeTargetMetadata(items, new Set(), testPacer())).length, 3);
});
