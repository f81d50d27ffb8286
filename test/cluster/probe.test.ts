import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookupRequest } from '../../src/backend/backend.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { MOST_TARGETS, probeEndpoint, type Targets } from '../../src/cluster/probe.ts';
import type { EndpointNote } from '../../src/backend/answered.ts';
import { remark } from '../../src/model/annotations.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { success } from '../../src/model/result.ts';

const NEVER = new AbortController().signal;
const WARNING: EndpointNote = { kind: 'incomplete', message: 'a store did not answer' };

/** What a probe makes of so many `up` series. */
async function targetsOf(
  count: number,
  annotations: readonly EndpointNote[] = [],
  asked: LookupRequest[] = [],
): Promise<Targets> {
  const items = Array.from({ length: count }, (_, i) =>
    labelsFromRecord({ __name__: 'up', cluster: 'eu', instance: String(i) }),
  );
  const externalLabels = labelsFromRecord({ cluster: 'eu' });
  const backend = Object.assign(createMemoryBackend({ address: 'a:1', externalLabels, series: [] }), {
    series: async (_: unknown, request: LookupRequest) => {
      asked.push(request);
      return success({ items, annotations });
    },
  });
  const probe = await probeEndpoint(backend, 1_000_000, NEVER);
  assert.ok(probe.ok);
  return probe.value.targets;
}

test('targets are the series without external labels', async () => {
  const targets = await targetsOf(2);
  assert.ok(targets.kind === 'listed');
  assert.deepEqual(
    [...targets.byKey.values()],
    ['0', '1'].map((instance) => labelsFromRecord({ __name__: 'up', instance })),
  );
});

test('no more are asked for, nor kept, than can be compared', async () => {
  const asked: LookupRequest[] = [];
  const targets = await targetsOf(MOST_TARGETS + 5, [], asked);
  assert.equal(asked[0]!.limit, MOST_TARGETS + 1);
  assert.ok(targets.kind === 'too-many');
  assert.equal(targets.byKey.size, MOST_TARGETS);
  assert.equal((await targetsOf(MOST_TARGETS)).kind, 'listed');
});

test('a list that may lack a part is none', async () => {
  assert.deepEqual(await targetsOf(2, [WARNING]), { kind: 'unknown' });
  assert.deepEqual(await targetsOf(0), { kind: 'unknown' });
  assert.equal((await targetsOf(2, [remark('info', 'by the way')])).kind, 'listed');
});

test('many targets are read in several turns, so that other work goes on', async (t) => {
  // Each look at the clock finds that a slice is gone.
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 20));
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await targetsOf(MOST_TARGETS);
  isOver = true;
  assert.ok(turns > 5, `other work had ${turns} turns`);
});
