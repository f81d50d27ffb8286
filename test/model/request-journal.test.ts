import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_CALLS, RequestJournal } from '../../src/model/request-journal.ts';

const CLOCK = { now: () => 0, monotonic: () => 0 };

test('sums are of all calls, those that are not kept included', () => {
  const journal = new RequestJournal(CLOCK);
  for (let i = 0; i < MOST_CALLS + 5; i++) {
    const call = journal.call(`${i % 3}:1`);
    call.received(2, 10);
    call.end(undefined);
  }
  assert.deepEqual([journal.calls.length, journal.notKept], [MOST_CALLS, 5]);
  const { series, bytes, calls, endpoints } = journal.sums;
  assert.deepEqual([series, bytes, calls, endpoints], [2010, 10_050, 1005, 3]);
});

test('an endpoint has answered where one of its calls did', () => {
  const journal = new RequestJournal(CLOCK);
  journal.call('a:1').end('timeout');
  journal.call('a:1').end(undefined);
  journal.call('b:1').end('timeout');
  journal.call('c:1');
  assert.deepEqual([journal.sums.endpoints, journal.sums.answeredEndpoints], [3, 1]);
});

test('what a part of a request does counts once, for all of it', () => {
  const journal = new RequestJournal(CLOCK);
  const part = journal.part(1);
  for (const endpoint of ['a:1', 'b:1']) {
    const call = part.call(endpoint);
    call.received(1, 8);
    call.end(undefined);
  }
  journal.call('c:1').received(1, 8);
  assert.equal(part.sums, journal.sums);
  assert.deepEqual([journal.sums.bytes, journal.sums.calls, journal.sums.endpoints], [24, 3, 3]);
});
