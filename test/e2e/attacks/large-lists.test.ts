import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendJson } from '../../support/fake-server.ts';
import { until } from '../../support/until.ts';
import { countByCluster, countsOf, EU_A, gatewayOver, startReplica } from '../failures/support.ts';
import { metricOf } from './support.ts';

/** About 2 MB of JSON. */
const SERIES = Array.from({ length: 50_000 }, (_, i) => ({ __name__: 'm', instance: String(i) }));

for (const [what, settings, status, message] of [
  [
    'one request may hold',
    { 'query.max_memory_per_query': '2MiB' },
    422,
    /^the request needs more memory than the limit of 2MiB \(--query\.max-memory-per-query\)/,
  ],
  [
    'all requests may hold',
    { 'query.max_memory': '4MiB', 'query.max_memory_per_query': '0' },
    503,
    /^the requests that run need more memory than the limit of 4MiB \(--query\.max-memory\)/,
  ],
] as const)
  test(`a list that takes more than ${what} fails alone, and leaves nothing behind`, async (t) => {
    const replica = await startReplica(t, EU_A);
    const gateway = await gatewayOver(t, [replica], { refresh_interval: '1h', ...settings });
    replica.fault.all = (_, response) => sendJson(response, { status: 'success', data: SERIES });
    const response = await fetch(`${gateway}/api/v1/series?match[]=m`);
    assert.equal(response.status, status);
    assert.match(response.headers.get('retry-after') ?? 'none', status === 503 ? /^[3-8]$/ : /^none$/);
    const { error } = (await response.json()) as { readonly error: string };
    assert.match(error, message);
    await until('all of it was given back', 10_000, async () => {
      return (await metricOf(gateway, 'promweave_request_memory_bytes')) === 0;
    });
    assert.equal(await metricOf(gateway, 'promweave_endpoint_failures_total'), 0);
    replica.fault.all = undefined;
    assert.deepEqual(countsOf(await countByCluster(gateway)), { eu: '2' });
  });
