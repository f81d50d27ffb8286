import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { fixedEndpoint } from '../../src/cluster/fixed-endpoint.ts';
import { HealthHistory } from '../../src/cluster/health-history.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';

const DOWN: Endpoint['health'] = {
  kind: 'down',
  failure: { kind: 'timeout', endpoint: 'a', reason: 'it hangs' },
  since: 0,
};

function endpoint(): Endpoint {
  return fixedEndpoint(
    createMemoryBackend({ address: 'a', externalLabels: EMPTY_LABELS, series: [] }),
    EMPTY_LABELS,
  );
}

function history(): { readonly history: HealthHistory; readonly at: (now: number) => void } {
  let now = 0;
  const clock = { now: () => now, monotonic: () => 0 };
  return { history: new HealthHistory(clock), at: (next) => (now = next) };
}

test('each change is told with its time, and what stays the same is none', () => {
  const { history: told, at } = history();
  const one = endpoint();
  assert.deepEqual(told.of(one), []);
  for (const [now, health] of [
    [10, { kind: 'up' }],
    [20, { kind: 'up', isSuspect: true }],
    [30, DOWN],
    [40, DOWN],
    [50, { kind: 'up' }],
  ] as const) {
    at(now);
    told.note({ ...one, health });
  }
  assert.deepEqual(told.of(one), [
    { health: 'up', since: 10 },
    { health: 'down', since: 30 },
    { health: 'up', since: 50 },
  ]);
  assert.deepEqual(told.of(endpoint()), []);
});

test('the newest 50 changes are kept', () => {
  const { history: told, at } = history();
  const one = endpoint();
  for (let now = 0; now < 60; now++) {
    at(now);
    told.note({ ...one, health: now % 2 === 0 ? { kind: 'up' } : DOWN });
  }
  const kept = told.of(one);
  assert.deepEqual([kept.length, kept[0]?.since, kept.at(-1)?.since], [50, 10, 59]);
});
