import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { createStoreApiBackend } from '../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../src/backend/store-api/options.ts';
import { createPrometheusBackend } from '../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../src/backend/prometheus/options.ts';
import { requestIds, type RequestIds } from '../../src/model/request-ids.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { NotedList } from '../../src/model/annotations.ts';
import { openScope } from '../../src/gateway/request-scope.ts';
import { grantOf } from '../support/open-requests.ts';
import { scopeWith } from '../support/scopes.ts';
import { sendJson, startFakeServer } from '../support/fake-server.ts';
import { gatewayWith, startGrpc } from './support.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const LOOKUP = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };

/** A gateway that keeps the ids of what it is asked. */
function listening(heard: RequestIds[]): Gateway {
  const empty = async (): Promise<NotedList<never>> => ({ items: [], annotations: [] });
  return gatewayWith({
    open: (wishes, origin) => {
      heard.push(origin.ids);
      return openScope(grantOf(), wishes, origin);
    },
    store: { labelNames: empty, series: empty },
  });
}

test('a gateway below hears the ids of the request that it is asked for, over gRPC', async (t) => {
  const heard: RequestIds[] = [];
  const { address, close } = await startGrpc(listening(heard));
  const backend = createStoreApiBackend({ ...STORE_API_DEFAULTS, address, target: address });
  t.after(async () => {
    await backend.close();
    await close();
  });
  const ids = requestIds((name) => (name === 'x-request-id' ? 'from-above' : undefined));
  const answer = await backend.labelNames({ ...scopeWith(), ids }, LOOKUP);
  assert.ok(answer.ok);
  assert.deepEqual(
    heard.map(({ named, trace }) => [named, trace?.traceId, trace?.parentId]),
    [['from-above', ids.trace!.traceId, ids.trace!.spanId]],
  );
});

test('an answer over gRPC begins with the ids of its call', async (t) => {
  const { client, close } = await startGrpc(listening([]));
  t.after(close);
  const metadata = new Metadata();
  metadata.set('x-request-id', 'from-above');
  metadata.set('traceparent', `00-${TRACE}-00f067aa0ba902b7-01`);
  const call = client.makeUnaryRequest(
    '/thanos.Store/LabelNames',
    (bytes: Buffer) => bytes,
    (bytes) => bytes,
    Buffer.alloc(0),
    metadata,
    () => undefined,
  );
  const [answered] = (await once(call, 'metadata')) as [Metadata];
  assert.deepEqual(answered.get('x-request-id'), ['from-above']);
  assert.deepEqual(answered.get('x-thanos-trace-id'), [TRACE]);
});

test('a server hears the ids of the request that it is asked for, over HTTP', async (t) => {
  const server = await startFakeServer((_, response) => sendJson(response, { status: 'success', data: [] }));
  const backend = createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url: server.url });
  t.after(async () => {
    await backend.close();
    await server.close();
  });
  const ids = requestIds((name) => (name === 'x-request-id' ? 'from-above' : undefined));
  await backend.labelNames({ ...scopeWith(), ids }, LOOKUP);
  const headers = server.requests.at(-1)?.headers;
  assert.equal(headers?.['x-request-id'], 'from-above');
  assert.equal(headers?.['traceparent'], `00-${ids.trace!.traceId}-${ids.trace!.spanId}-00`);
});
