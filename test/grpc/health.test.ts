import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import {
  decodeHealthCheckResponse,
  encodeHealthCheckRequest,
  ServingStatus,
} from '../../src/wire/store-api/health.ts';
import { callUnary, gatewayWith, openStream, startGrpc, type Answered } from './support.ts';

const CHECK = '/grpc.health.v1.Health/Check';
const WATCH = '/grpc.health.v1.Health/Watch';

function statusIn({ messages }: Answered): number {
  return decodeHealthCheckResponse(messages[0]!).status;
}

describe('health', () => {
  it('says that the server and each service serve', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    for (const service of ['', 'thanos.Store', 'thanos.Query'])
      assert.equal(
        statusIn(await callUnary(client, CHECK, encodeHealthCheckRequest({ service }))),
        ServingStatus.serving,
      );
  });

  it('does not know other services', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    const { code } = await callUnary(client, CHECK, encodeHealthCheckRequest({ service: 'thanos.Nope' }));
    assert.equal(code, status.NOT_FOUND);
  });

  it('does not serve before it is ready', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}), { ready: false });
    t.after(close);
    assert.equal(statusIn(await callUnary(client, CHECK)), ServingStatus.notServing);
  });

  it('does not serve once the server is to stop, which takes calls until it does', async (t) => {
    const { client, server, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    server.setStopping();
    assert.equal(statusIn(await callUnary(client, CHECK)), ServingStatus.notServing);
  });

  it('tells watchers of every change and says goodbye when the server stops', async (t) => {
    const { client, server, close } = await startGrpc(gatewayWith({}), { ready: false });
    t.after(close);
    const watch = openStream(client, WATCH);
    const seen: number[] = [];
    watch.on('data', (message: Uint8Array) => seen.push(decodeHealthCheckResponse(message).status));
    await once(watch, 'data');
    server.setServing();
    await once(watch, 'data');
    const ended = once(watch, 'end');
    await Promise.all([server.close(10_000), ended]);
    assert.deepEqual(seen, [ServingStatus.notServing, ServingStatus.serving, ServingStatus.notServing]);
  });

  it('keeps watchers of an unknown service waiting', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    const watch = openStream(client, WATCH, encodeHealthCheckRequest({ service: 'thanos.Nope' }));
    watch.on('error', () => undefined);
    const [message] = (await once(watch, 'data')) as [Uint8Array];
    assert.equal(decodeHealthCheckResponse(message).status, ServingStatus.serviceUnknown);
    watch.cancel();
  });

  it('ends watches of clients that leave at once, however busy the process is', async (t) => {
    const { client, close } = await startGrpc(gatewayWith({}));
    t.after(close);
    for (let round = 0; round < 3; round++) {
      const watches = Array.from({ length: 50 }, () => openStream(client, WATCH));
      for (const watch of watches) watch.on('error', () => undefined);
      await once(watches[0]!, 'data');
      for (const watch of watches) watch.cancel();
    }
    assert.equal(statusIn(await callUnary(client, CHECK)), ServingStatus.serving);
  });
});
