import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverWith } from '../support.ts';

test('a state of targets that does not exist has none', async () => {
  assert.equal(
    (await serverWith({}).inject('/api/v1/targets?state=foo')).body,
    '{"status":"success","data":{"activeTargets":[],"droppedTargets":[],"droppedTargetCounts":null}}',
  );
});
