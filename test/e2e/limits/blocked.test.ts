import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../failures/support.ts';
import { overGrpc, overHttp, startLimited, type Asked } from './support.ts';

const START = NOW / 1000;

test('a blocked query is refused with the reason, in whatever layout, and counted', async (t) => {
  const { gateway, client } = await startLimited(
    t,
    {
      blocked_queries: [
        { query: 'sum by (instance) (m)', reason: 'use m:sum' },
        {
          pattern: 'count\\(.*',
          headers: { 'X-Dashboard-Uid': 'a.+' },
          reason: 'the dashboard was replaced',
        },
        { headers: { 'X-Panel-Id': '7' }, tenants: ['a'], reason: 'panel 7 is too dear' },
      ],
    },
    ['a', 'b'],
  );
  const ask = async (tenant: string, query: string, headers: Asked['headers'] = {}) => {
    const asked = { query, start: START, headers };
    const http = await overHttp(gateway, tenant, asked);
    const grpc = await overGrpc(client, tenant, asked);
    return http.status === 200
      ? [http.status, grpc.status]
      : [http.status, grpc.status, (JSON.parse(http.text) as { error: string }).error, grpc.text];
  };
  const refused = (reason: string) => {
    const sentence = `the query is blocked by those who run the gateway: ${reason}`;
    return [422, 'ABORTED', sentence, sentence];
  };
  const answered = [200, 'OK'];
  assert.deepEqual(await ask('a', 'sum by (instance) (m)'), refused('use m:sum'));
  assert.deepEqual(await ask('a', 'sum  (m)\nby (instance) # evasion'), refused('use m:sum'));
  assert.deepEqual(await ask('a', 'sum by (job) (m)'), answered);
  assert.deepEqual(await ask('a', 'count(m)'), answered);
  assert.deepEqual(
    await ask('a', 'count (m)', { 'x-dashboard-uid': 'abc' }),
    refused('the dashboard was replaced'),
  );
  assert.deepEqual(await ask('a', 'count(m)', { 'x-dashboard-uid': 'b' }), answered);
  assert.deepEqual(await ask('a', 'm', { 'x-panel-id': '7' }), refused('panel 7 is too dear'));
  assert.deepEqual(await ask('b', 'm', { 'x-panel-id': '7' }), answered);
  const metrics = await fetch(`${gateway.url}/metrics`, { headers: { 'thanos-tenant': 'ops' } });
  assert.match(await metrics.text(), /promweave_queries_blocked_total\{rule="0"\} 4\n/);
});
