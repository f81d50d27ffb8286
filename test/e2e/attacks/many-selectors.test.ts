import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/until.ts';
import { EU_A, gatewayOver, startReplica } from '../failures/support.ts';
import { holdReads, metricOf, queryFrom } from './support.ts';

/** A query that reads so many different metrics. */
function selecting(count: number): string {
  return Array.from({ length: count }, (_, i) => `greedy_${i}`).join(' or ');
}

test('a query with hundreds of selectors has four reads in flight, and others get theirs at once', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], { refresh_interval: '1h' });
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;

  const greedy = queryFrom(gateway, selecting(300));
  await until('the first reads are there', 10_000, async () => reads.length >= 4);
  const other = queryFrom(gateway, 'count(m)');
  await until('the read of the other is there', 10_000, async () =>
    reads.some(({ metric }) => metric === 'm'),
  );
  assert.deepEqual(
    // They go out together, over connections of their own: which one is there first is up to these.
    reads
      .map(({ metric }) => metric)
      .filter((metric) => metric !== 'm')
      .toSorted(),
    ['greedy_0', 'greedy_1', 'greedy_2', 'greedy_3'],
  );
  reads.find(({ metric }) => metric === 'm')!.answer();
  assert.equal((await other).status, 200);

  replica.fault.read = undefined;
  for (const { metric, answer } of reads) if (metric !== 'm') answer();
  assert.equal((await greedy).status, 200);
  assert.equal(await metricOf(gateway, 'promweave_endpoint_failures_total'), 0);
});

test('a query with more selectors than the limit is refused, and asks no endpoint', async (t) => {
  const replica = await startReplica(t, EU_A);
  const gateway = await gatewayOver(t, [replica], { refresh_interval: '1h' });
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;
  const { status, body } = await queryFrom(gateway, selecting(501));
  assert.equal(status, 422);
  assert.match(body, /the query has 501 different selectors, more than the limit of 500/);
  assert.equal(reads.length, 0);
});
