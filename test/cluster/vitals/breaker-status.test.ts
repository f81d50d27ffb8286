import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakerStatus, hangFailure } from '../../../src/cluster/vitals/breaker-status.ts';
import { HANGS_AFTER_MS } from '../../../src/cluster/vitals/breaker.ts';
import { EndpointVitals } from '../../../src/cluster/vitals/vitals.ts';

const DATE = 1_700_000_000_000;

/** What calls showed of an endpoint, and a clock that stands where it is put. */
function watched(): { readonly vitals: EndpointVitals; readonly at: (ms: number) => void } {
  let now = 0;
  const vitals = new EndpointVitals(
    () => now,
    () => DATE + now,
  );
  return { vitals, at: (ms) => (now = ms) };
}

const UP = { address: 'a:1', health: { kind: 'up' } } as const;

test('an endpoint that was never in trouble is closed, and tells how long it usually takes', () => {
  const { vitals } = watched();
  const closed = { state: 'closed', since: undefined, reason: undefined, usualMs: undefined };
  assert.deepEqual(breakerStatus(UP, vitals), closed);
  vitals.learn('samples', 100, 40);
  assert.deepEqual(breakerStatus(UP, vitals), { ...closed, usualMs: 40 });
});

test('one that is slow says so, since when, and may be asked', () => {
  const { vitals, at } = watched();
  at(500);
  vitals.see({ kind: 'cut', bytes: 100 });
  at(900);
  vitals.see({ kind: 'cut', bytes: 100 });
  const { state, since, reason } = breakerStatus(UP, vitals);
  assert.deepEqual([state, since], ['slow', DATE + 500]);
  assert.match(reason!, /much slower than its replicas/);
  assert.equal(hangFailure(UP, vitals), undefined);
});

test('one that leaves calls and looks unanswered is open since then, and closed since it answered', () => {
  const { vitals, at } = watched();
  vitals.see({ kind: 'probe-began' });
  at(HANGS_AFTER_MS);
  vitals.see({ kind: 'unanswered' });
  const open = breakerStatus(UP, vitals);
  assert.deepEqual([open.state, open.since], ['open', DATE + HANGS_AFTER_MS]);
  assert.equal(hangFailure(UP, vitals)!.reason, open.reason);
  at(9000);
  vitals.see({ kind: 'probe-answered' });
  const { state, since, reason } = breakerStatus(UP, vitals);
  assert.deepEqual([state, since, reason], ['closed', DATE + 9000, undefined]);
});

test('one whose health is not answered in time is open, and one that refuses connections is not', () => {
  const { vitals } = watched();
  const failure = (kind: 'timeout' | 'unavailable') =>
    ({ kind, endpoint: 'a:1', reason: 'no answer within 5 s' }) as const;
  const down = (kind: 'timeout' | 'unavailable') =>
    ({ address: 'a:1', health: { kind: 'down', failure: failure(kind), since: 5 } }) as const;
  const { state, since, reason } = breakerStatus(down('timeout'), vitals);
  assert.deepEqual([state, since, reason], ['open', 5, 'no answer within 5 s']);
  assert.deepEqual(hangFailure(down('timeout'), vitals), failure('timeout'));
  assert.equal(breakerStatus(down('unavailable'), vitals).state, 'closed');
  assert.equal(hangFailure(down('unavailable'), vitals), undefined);
});
