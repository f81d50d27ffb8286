import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/until.ts';
import { EU_A, gatewayOver, startReplica } from '../failures/support.ts';
import { holdReads, metricOf, queryFrom, type Answer } from './support.ts';

const GREEDY = '127.0.0.2';
const MODEST = '127.0.0.3';

test('a client with many queries in the queue does not keep another waiting for more than a turn', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], {
    refresh_interval: '1h',
    'query.max_concurrent': 1,
    'query.max_queued': 20,
  });
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;
  const waiting = async (count: number): Promise<void> =>
    until(`${count} wait`, 10_000, async () => {
      return (await metricOf(gateway, 'promweave_queries_waiting')) === count;
    });

  const greedy: Promise<Answer>[] = [];
  for (let i = 0; i < 15; i++) greedy.push(queryFrom(gateway, 'greedy', GREEDY));
  await waiting(14);
  const modest = queryFrom(gateway, 'modest', MODEST);
  await waiting(15);
  for (let i = 0; i < 3; i++) {
    await until(`read ${i} is there`, 10_000, async () => reads.length > i);
    reads[i]!.answer();
  }
  assert.equal((await modest).status, 200);
  assert.ok(reads.slice(0, 3).some(({ metric }) => metric === 'modest'));

  replica.fault.read = undefined;
  for (const { answer } of reads.slice(3)) answer();
  for (const { status } of await Promise.all(greedy)) assert.equal(status, 200);
});

test('a client that has filled the queue makes way for another', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], {
    refresh_interval: '1h',
    'query.max_concurrent': 1,
    'query.max_queued': 4,
  });
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;
  const greedy = Array.from({ length: 8 }, () => queryFrom(gateway, 'greedy', GREEDY));
  await until('the queue is full', 10_000, async () => {
    return (await metricOf(gateway, 'promweave_queries_refused_total')) === 3;
  });
  const modest = queryFrom(gateway, 'modest', MODEST);
  await until('one more is refused', 10_000, async () => {
    return (await metricOf(gateway, 'promweave_queries_refused_total')) === 4;
  });
  replica.fault.read = undefined;
  for (const { answer } of reads) answer();
  assert.equal((await modest).status, 200);
  const statuses = (await Promise.all(greedy)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 503).length, 4);
});
