import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedCall } from '../../src/cluster/bounded-call.ts';
import { success } from '../../src/model/result.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { until } from '../support/until.ts';

const LEFT_MS = 20_000;
/** What of it is left to calls. */
const MOST_MS = 19_000;

function boundOf(timers: ManualTimers = new ManualTimers(), late: { readonly ms: number } = { ms: 0 }) {
  return {
    address: 'a:1',
    timeoutMs: 30_000,
    leftMs: LEFT_MS,
    timers,
    lateness: { soFar: () => late.ms },
  };
}

/**
 * A call that gets no answer before its request is due, while this process was late for so long, and had the request wait before; ms.
 */
async function unanswered(lateMs: number, queuedMs?: number): ReturnType<typeof boundedCall> {
  const timers = new ManualTimers();
  const late = { ms: 500 };
  const result = boundedCall(
    { ...boundOf(timers, late), queuedMs },
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

test('calls that are given up together are over once each was told to end', async () => {
  const request = new AbortController();
  const ended: boolean[] = [];
  const calls = Array.from({ length: 50 }, () => {
    const ending = new AbortController();
    const never = (): ReturnType<typeof boundedCall> => new Promise(() => undefined);
    return boundedCall(
      boundOf(),
      request.signal,
      never,
      ending,
      () => void ended.push(ending.signal.aborted),
    );
  });
  request.abort();
  await Promise.all(calls);
  assert.ok(ended.length < 50, `${ended.length} ended in one turn`);
  await until('all ended', 5000, async () => ended.length === 50, 1);
  assert.deepEqual(new Set(ended), new Set([true]));
});

test('a call that was answered is over at once, and one that is not made as well', async () => {
  let ended = 0;
  const onEnded = (): void => void ended++;
  const answer = async () => success(1);
  await boundedCall(boundOf(), new AbortController().signal, answer, new AbortController(), onEnded);
  assert.equal(ended, 1);
  await boundedCall(boundOf(), AbortSignal.abort(), answer, new AbortController(), onEnded);
  assert.equal(ended, 2);
});
