import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answered } from '../../../src/backend/answered.ts';
import { CALLS_AT_ONCE } from '../../../src/backend/connection-options.ts';
import { CallLanes } from '../../../src/cluster/call-lanes.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import { failed, success } from '../../../src/model/result.ts';
import { callEndpoint, withSums } from '../../../src/select/routing/call-endpoint.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { memoryEndpoint, scopeOf } from '../support.ts';

/** Calls of several requests to one endpoint, which answers when the test says so. */
function endpoint() {
  const context = {
    timers: new ManualTimers(),
    clock: { now: () => 0, monotonic: () => 0 },
    lateness: NEVER_LATE,
    lanes: new CallLanes(),
  };
  const called = memoryEndpoint('a:1', {}, []);
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const call = (request: string, signal?: AbortSignal): Answered<string> =>
    callEndpoint<string>(
      context,
      { ...scopeOf({}, signal), ids: { request, named: 'same', trace: undefined } },
      called,
      () =>
        new Promise((resolve) => {
          asked.push(request);
          answers.push(() => resolve(success(request)));
        }),
    );
  const answer = async (): Promise<void> => {
    answers.shift()!();
    await nextTurn();
  };
  return { call, asked, answer };
}

test('requests take turns at an endpoint: one with many calls keeps no other waiting', async () => {
  const { call, asked, answer } = endpoint();
  for (let i = 0; i < CALLS_AT_ONCE + 10; i++) void call('greedy');
  const modest = call('modest');
  assert.equal(asked.length, CALLS_AT_ONCE);
  await answer();
  await answer();
  assert.deepEqual(asked.slice(CALLS_AT_ONCE), ['modest', 'greedy']);
  for (let i = 0; i < CALLS_AT_ONCE; i++) await answer();
  assert.deepEqual(await modest, success('modest'));
});

test('a call is given what to tell of the parts of its answer', async () => {
  const context = {
    timers: new ManualTimers(),
    clock: { now: () => 0, monotonic: () => 0 },
    lateness: NEVER_LATE,
    lanes: new CallLanes(),
  };
  const call = async ({ reading }: RequestScope): Answered<string> =>
    success(reading === undefined ? '' : 'told');
  const result = await callEndpoint(context, scopeOf(), memoryEndpoint('a:1', {}, []), call);
  assert.deepEqual(result, success('told'));
});

test('what an answer with samples had is written down, and a failure has nothing', async () => {
  const { journal } = scopeOf();
  const call = journal.call('a:1');
  const refused = { kind: 'unavailable', endpoint: 'a:1', reason: 'refused' } as const;
  await withSums({ call }, Promise.resolve(success({ series: [1, 2], bytes: 30 })));
  await withSums({ call }, Promise.resolve(failed(refused)));
  assert.deepEqual([call.series, call.bytes, journal.sums.bytes], [2, 30, 30]);
});

test('a call that is given up in the queue is never made', async () => {
  const { call, asked, answer } = endpoint();
  for (let i = 0; i < CALLS_AT_ONCE; i++) void call('greedy');
  const caller = new AbortController();
  const waiting = call('modest', caller.signal);
  caller.abort();
  const result = await waiting;
  assert.equal(!result.ok && result.failure.kind, 'canceled');
  for (let i = 0; i < CALLS_AT_ONCE; i++) await answer();
  assert.equal(asked.includes('modest'), false);
});
