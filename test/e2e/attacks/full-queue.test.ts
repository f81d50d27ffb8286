import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/until.ts';
import { EU_A, gatewayOver, startReplica } from '../failures/support.ts';
import { holdReads, metricOf, queryFrom } from './support.ts';

test('queries beyond those that run and those that wait are refused at once, and may be tried again', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], {
    refresh_interval: '1h',
    'query.max_concurrent': 2,
    'query.max_queued': 3,
  });
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;

  const statuses: number[] = [];
  const queries = Array.from({ length: 10 }, async () => {
    const answer = await queryFrom(gateway, 'count(m)');
    statuses.push(answer.status);
    return answer;
  });
  await until('five are refused', 10_000, async () => statuses.length === 5);
  assert.deepEqual(statuses, [503, 503, 503, 503, 503]);
  assert.equal(await metricOf(gateway, 'promweave_queries_active'), 2);
  assert.equal(await metricOf(gateway, 'promweave_queries_waiting'), 3);
  assert.equal(await metricOf(gateway, 'promweave_queries_refused_total'), 5);

  replica.fault.read = undefined;
  for (const { answer } of reads) answer();
  const answers = await Promise.all(queries);
  const refused = answers.filter(({ status }) => status === 503);
  assert.equal(answers.length - refused.length, 5);
  assert.ok(answers.every(({ status }) => status === 503 || status === 200));
  assert.match(refused[0]!.headers['retry-after'] as string, /^[3-8]$/);
  assert.match(
    refused[0]!.body,
    /3 requests wait for their turn already, which is the limit \(--query\.max-queued\)/,
  );
  await until('all places are free', 10_000, async () => {
    return (await metricOf(gateway, 'promweave_queries_active')) === 0;
  });
  assert.equal(await metricOf(gateway, 'promweave_request_memory_bytes'), 0);
});

test('lists are answered while queries take all places', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], { refresh_interval: '1h', 'query.max_concurrent': 1 });
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;
  const query = queryFrom(gateway, 'count(m)');
  await until('the query is being answered', 10_000, async () => reads.length === 1);
  const listed = await fetch(`${gateway}/api/v1/series?match[]=up`);
  assert.equal(listed.status, 200);
  reads[0]!.answer();
  assert.equal((await query).status, 200);
});
