import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallLanes } from '../../../src/cluster/call-lanes.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { readWitnesses } from '../../../src/select/completeness/read-witnesses.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { columnsSeries, memoryEndpoint, scopeOf } from '../support.ts';

test('what is read of witnesses counts among what came for the request', async () => {
  const labels = { __name__: 'up', job: 'a' };
  const series = columnsSeries(labels, [
    [1000, 1],
    [2000, 1],
  ]);
  const endpoint = memoryEndpoint('a:1', {}, [series], { witnesses: [labelsFromRecord(labels)] });
  const context = {
    timers: new ManualTimers(),
    clock: { now: () => 0, monotonic: () => 0 },
    lateness: NEVER_LATE,
    lanes: new CallLanes(),
  };
  const scope = scopeOf();
  const read = await readWitnesses(context, scope, endpoint, { minTime: 0, maxTime: 5000 });
  assert.deepEqual([read.ok, scope.journal.sums.bytes, scope.journal.sums.series], [true, 32, 1]);
});
