import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/until.ts';
import { holdReads } from '../attacks/support.ts';
import { EU_A, NOW } from '../failures/support.ts';
import { overGrpc, overHttp, startLimited, type Asked } from './support.ts';

const M: Asked = { query: 'm', start: NOW / 1000 };

test('who asks too often is told so, while others and those who run the gateway are served', async (t) => {
  // So seldom that none comes back while the test runs.
  const limits = { requests_per_second: 0.0001, request_burst: 2 };
  const { gateway, client } = await startLimited(t, { 'limits.tenants': { eager: limits } }, [
    'eager',
    'calm',
  ]);
  assert.equal((await overHttp(gateway, 'eager', M)).status, 200);
  assert.equal((await overGrpc(client, 'eager', M)).status, 'OK');
  const http = await overHttp(gateway, 'eager', M);
  assert.equal(http.status, 429);
  assert.match(
    http.text,
    /more requests came than 0.0001 a second, of which 2 may come at once \(limits: requests_per_second of the tenant/,
  );
  assert.match(http.text, /"errorType":"too_many_requests"/);
  assert.ok(Number(http.retryAfter) > 0);
  assert.equal((await overGrpc(client, 'eager', M)).status, 'RESOURCE_EXHAUSTED');
  assert.equal((await overHttp(gateway, 'calm', M)).status, 200);
  for (let i = 0; i < 5; i++) {
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { 'thanos-tenant': 'ops' } });
    assert.equal(metrics.status, 200);
  }
});

test('a tenant runs as many queries as it may, has as many wait, and leaves the other places to others', async (t) => {
  const { gateway, replica } = await startLimited(
    t,
    { 'query.max_concurrent': 10, 'limits.tenants': { busy: { max_concurrent: 2, max_queued: 1 } } },
    ['busy', 'calm'],
  );
  const { reads, read } = holdReads(EU_A);
  replica.fault.read = read;
  const ask = (tenant: string, query: string) => overHttp(gateway, tenant, { ...M, query });
  const running = [ask('busy', 'b1'), ask('busy', 'b2')];
  await until('two run', 10_000, async () => reads.length === 2);
  const waiting = ask('busy', 'b3');
  await until('one waits', 10_000, async () => {
    const text = await (
      await fetch(`${gateway.url}/metrics`, { headers: { 'thanos-tenant': 'ops' } })
    ).text();
    return text.includes('promweave_queries_waiting 1\n');
  });
  const refused = await ask('busy', 'b4');
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.retryAfter) > 0);
  assert.match(
    refused.text,
    /1 requests of the same caller wait .* \(limits: max_queued of the tenant \\"busy\\"\)/,
  );
  const calm = ask('calm', 'c1');
  await until('the other runs', 10_000, async () => reads.length === 3);
  assert.deepEqual(reads.map(({ metric }) => metric).sort(), ['b1', 'b2', 'c1']);
  replica.fault.read = undefined;
  for (const { answer } of reads) answer();
  for (const { status } of await Promise.all([...running, waiting, calm])) assert.equal(status, 200);
});
