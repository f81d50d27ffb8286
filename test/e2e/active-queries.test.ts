import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { Client, credentials, status } from '@grpc/grpc-js';
import { encodeQueryRequest } from '../../src/wire/store-api/query-request.ts';
import { callStream } from '../grpc/support.ts';
import type { RunningGateway } from '../../src/app/start-gateway.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { PLAIN_QUERY } from '../support/plain-query.ts';
import { NOW, startReplica, US_A } from './failures/support.ts';

interface Active {
  readonly id: string;
  readonly kind: string;
  readonly query: string;
  readonly stage: string;
  readonly dashboard?: string;
  readonly requestId: string;
  readonly endpoints: readonly { readonly endpoint: string; readonly state: string }[];
}

/** A gateway over a server that begins no answer; `asked` resolves to what it should answer. */
async function hanging(t: TestContext): Promise<{
  readonly gateway: RunningGateway;
  readonly url: string;
  readonly asked: Promise<ServerResponse>;
}> {
  const replica = await startReplica(t, US_A);
  const asked = Promise.withResolvers<ServerResponse>();
  replica.fault.read = (_, response) => asked.resolve(response);
  const gateway = await startTestGateway([replica.url], { 'query.endpoint_timeout': '1m' });
  t.after(() => gateway.close(0));
  return { gateway, url: replica.url, asked: asked.promise };
}

async function active(url: string): Promise<readonly Active[]> {
  const answer = await fetch(`${url}/api/v1/status/active_queries`);
  return ((await answer.json()) as { readonly data: { readonly queries: readonly Active[] } }).data.queries;
}

async function cancel(url: string, id: string): Promise<number> {
  return (await fetch(`${url}/api/v1/status/active_queries/${id}`, { method: 'DELETE' })).status;
}

test('a query that hangs is found and canceled: its caller hears why, and its requests are closed', async (t) => {
  const { gateway, url: endpoint, asked } = await hanging(t);
  const { url } = gateway;
  const headers = { 'x-dashboard-uid': 'd1', 'x-request-id': 'panel-7' };
  const answer = fetch(`${url}/api/v1/query?query=m&time=${NOW / 1000}`, { headers });
  const closed = once(await asked, 'close', { signal: AbortSignal.timeout(20_000) });
  const [query, ...others] = await active(url);
  assert.deepEqual(others, []);
  const { id, kind, query: text, stage, dashboard, requestId, endpoints } = query!;
  assert.deepEqual([kind, text, stage, dashboard, requestId], ['instant', 'm', 'select', 'd1', 'panel-7']);
  assert.deepEqual(
    endpoints.map(({ endpoint: name, state }) => [name, state]),
    [[endpoint, 'waiting']],
  );
  assert.equal(await cancel(url, id), 200);
  await closed;
  const failed = await answer;
  const { errorType, error } = (await failed.json()) as Readonly<Record<string, string>>;
  assert.deepEqual([failed.status, errorType], [503, 'canceled']);
  assert.match(error!, /^the query was canceled by somebody who operates the gateway/);
  assert.deepEqual(await active(url), []);
  assert.equal(await cancel(url, id), 404);
});

test('a query over gRPC is found and canceled, too', async (t) => {
  const { gateway, asked } = await hanging(t);
  const client = new Client(gateway.grpcAddress, credentials.createInsecure());
  t.after(() => client.close());
  const message = encodeQueryRequest({ ...PLAIN_QUERY, query: 'm', timeSeconds: NOW / 1000 });
  const answer = callStream(client, '/thanos.Query/Query', message);
  const closed = once(await asked, 'close', { signal: AbortSignal.timeout(20_000) });
  const [query] = await active(gateway.url);
  assert.equal(await cancel(gateway.url, query!.id), 200);
  await closed;
  const { code, details } = await answer;
  assert.equal(code, status.ABORTED);
  assert.match(details, /^the query was canceled by somebody/);
});

test('the queries that cost most are told with what they cost', async (t) => {
  const replica = await startReplica(t, US_A);
  const gateway = await startTestGateway([replica.url]);
  t.after(() => gateway.close(0));
  const get = async (path: string): Promise<unknown> => (await fetch(gateway.url + path)).json();
  for (const query of ['m', 'count( m )', 'count(m)'])
    await get(`/api/v1/query?query=${encodeURIComponent(query)}&time=${NOW / 1000}`);
  const path = '/api/v1/status/top_queries';
  const { data } = (await get(`${path}?sort=samples&limit=1`)) as {
    readonly data: { readonly sort: string; readonly queries: readonly Readonly<Record<string, unknown>>[] };
  };
  const [first, ...others] = data.queries;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [data.sort, first?.['query'], first?.['count'], first?.['samples'], first?.['failures']],
    ['samples', 'count(m)', 2, 4, 0],
  );
  assert.ok(Number(first?.['bytes']) > 0);
  assert.equal((await fetch(`${gateway.url}${path}?sort=name`)).status, 400);
});
