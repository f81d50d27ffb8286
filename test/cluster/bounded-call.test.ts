import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedCall } from '../../src/cluster/bounded-call.ts';
import { ManualTimers } from '../support/manual-timers.ts';

const LEFT_MS = 20_000;
/** What of it is left to calls. */
const MOST_MS = 19_000;

/**
 * A call that gets no answer before its request is due, while this process was late for so long, and had the request wait before; ms.
 */
async function unanswered(lateMs: number, queuedMs?: number): ReturnType<typeof boundedCall> {
  const timers = new ManualTimers();
  const late = { ms: 500 };
  const result = boundedCall(
    {
      address: 'a:1',
      timeoutMs: 30_000,
      leftMs: LEFT_MS,
      queuedMs,
      timers,
      lateness: { soFar: () => late.ms },
    },
    new AbortController().signal,
    () => new Promise(() => undefined),
  );
  // It is looked at below.
  result.catch(() => undefined);
  late.ms += lateMs;
  await timers.fire(MOST_MS);
  return result;
}

test('an endpoint that does not answer before its request is due is named', async () => {
  const result = await unanswered(MOST_MS / 2 - 1);
  assert.ok(!result.ok);
  assert.equal(result.failure.byDeadline, true);
  assert.match(result.failure.reason, /no complete answer within 19 s/);
});

test('an endpoint is not blamed where this process was busy most of the time', async () => {
  await assert.rejects(unanswered(MOST_MS / 2), {
    kind: 'overloaded',
    message: /the gateway was too busy to read all answers of endpoints within 19 s/,
  });
});

test('nor where the request had waited here for most of its time', async () => {
  await assert.rejects(unanswered(0, MOST_MS), { kind: 'overloaded' });
  const result = await unanswered(0, MOST_MS - 1);
  assert.ok(!result.ok);
});
