import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Client, connectivityState, credentials, status } from '@grpc/grpc-js';
import type { Gateway } from '../../src/gateway/gateway.ts';
import type { Origin } from '../../src/gateway/request-scope.ts';
import { type ClientLimits, type CutReason, DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import { QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { encodeReflectionRequest } from '../../src/wire/grpc/reflection.ts';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../src/wire/store-api/series-request.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { opening } from '../support/open-requests.ts';
import { callStream, callUnary, gatewayWith, openStream, startGrpc } from './support.ts';

const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const HEALTH = '/grpc.health.v1.Health/Check';
const LABEL_NAMES = '/thanos.Store/LabelNames';
const SERIES = '/thanos.Store/Series';
const REQUEST = encodeSeriesRequest({
  ...EMPTY_SERIES_REQUEST,
  maxTime: 1000,
  matchers: [{ kind: '=', name: 'job', value: 'x' }],
  skipChunks: true,
});

const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const LIST_SERVICES = encodeReflectionRequest({
  host: '',
  fileByFilename: undefined,
  fileContainingSymbol: undefined,
  listServices: '',
});

async function serving(t: TestContext, limits: Partial<ClientLimits> = {}, gateway = gatewayWith({})) {
  const cuts: CutReason[] = [];
  const timers = new ManualTimers();
  const running = await startGrpc(gateway, {
    limits: { ...DEFAULT_CLIENT_LIMITS, ...limits },
    timers,
    onCut: (reason) => cuts.push(reason),
  });
  t.after(running.close);
  const open = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: Number(running.address.split(':')[1]) });
    t.after(() => socket.destroy());
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    return socket;
  };
  return { ...running, cuts, timers, open };
}

/** A gateway that lists labels when it is told to. */
function answeringLater() {
  const { promise: asked, resolve: hear } = Promise.withResolvers<void>();
  const { promise: told, resolve: answer } = Promise.withResolvers<void>();
  const labelNames = async () => {
    hear();
    await told;
    return { items: ['a'], annotations: [] };
  };
  return { gateway: gatewayWith({ store: { labelNames } }), asked, answer };
}

const READY = connectivityState.READY;

describe('connections of gRPC', () => {
  it('are refused beyond the limit where all others have calls to answer', async (t) => {
    const { gateway, asked, answer } = answeringLater();
    const { client, cuts, open } = await serving(t, { maxConnections: 1 }, gateway);
    const call = callUnary(client, LABEL_NAMES);
    await asked;
    const further = await open();
    if (!further.closed) await once(further, 'close');
    assert.deepEqual(cuts, ['too_many']);
    answer();
    assert.equal((await call).code, status.OK);
  });

  it('without a call make room, those first that wait longest', async (t) => {
    const { address, client, cuts, open } = await serving(t, { maxConnections: 2 });
    const ownConnection = { 'grpc.use_local_subchannel_pool': 1 };
    const [first, second] = [client, new Client(address, credentials.createInsecure(), ownConnection)];
    t.after(() => second.close());
    assert.equal((await callUnary(first, HEALTH)).code, status.OK);
    assert.equal((await callUnary(second, HEALTH)).code, status.OK);
    assert.equal((await callUnary(first, HEALTH)).code, status.OK);
    const ended = new Promise((resolve) =>
      second.getChannel().watchConnectivityState(READY, Infinity, resolve),
    );
    const third = await open();
    await ended;
    assert.deepEqual(cuts, ['too_many']);
    assert.equal(first.getChannel().getConnectivityState(false), READY);
    assert.equal(third.destroyed, false);
  });

  it('whose request is not whole make room', async (t) => {
    const { client, cuts, open } = await serving(t, { maxConnections: 1 });
    const call = client.makeBidiStreamRequest(REFLECTION, toBuffer, toBuffer);
    call.write(LIST_SERVICES);
    await once(call, 'data');
    const failed = once(call, 'error');
    await open();
    const [error] = (await failed) as [{ code: status }];
    assert.equal(error.code, status.UNAVAILABLE);
    assert.deepEqual(cuts, ['too_many']);
  });

  it('that only watch the health make room', async (t) => {
    const { client, cuts, open } = await serving(t, { maxConnections: 1 });
    const call = openStream(client, '/grpc.health.v1.Health/Watch');
    await once(call, 'data');
    const failed = once(call, 'error');
    await open();
    await failed;
    assert.deepEqual(cuts, ['too_many']);
  });

  it('that have not said a word make room', async (t) => {
    const { client, cuts, open } = await serving(t, { maxConnections: 1 });
    const silent = await open();
    assert.equal((await callUnary(client, HEALTH)).code, status.OK);
    if (!silent.closed) await once(silent, 'close');
    assert.deepEqual(cuts, ['too_many']);
  });

  it('that never say a word are ended', async (t) => {
    const { cuts, timers, open } = await serving(t, { headersTimeout: 77 });
    const socket = await open();
    while (!timers.delays().includes(77)) await new Promise((wake) => setImmediate(wake));
    await timers.fire(77);
    if (!socket.closed) await once(socket, 'close');
    assert.deepEqual(cuts, ['slow_request']);
  });

  it('that speak stay', async (t) => {
    const { client, cuts, timers } = await serving(t, { headersTimeout: 77 });
    assert.equal((await callUnary(client, HEALTH)).code, status.OK);
    await timers.fire(77);
    assert.equal((await callUnary(client, HEALTH)).code, status.OK);
    assert.deepEqual(cuts, []);
  });

  it('that are open when the server stops are ended after its grace, whatever they do', async (t) => {
    const { server, open } = await serving(t);
    const silent = await open();
    const closed = once(silent, 'close');
    await server.close(10);
    await closed;
  });
});

describe('a message that is too large', () => {
  it('is refused', async (t) => {
    const { client } = await serving(t);
    const { code } = await callUnary(client, HEALTH, new Uint8Array(2 * 1024 * 1024 + 1));
    assert.equal(code, status.RESOURCE_EXHAUSTED);
  });
});

/** A gateway whose requests say when they were over; how often they did. */
function watched(given: Parameters<typeof gatewayWith>[0]): {
  gateway: Gateway;
  seen: { calls: number; over: Promise<void> };
} {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const seen = { calls: 0, over };
  const open = opening();
  return {
    seen,
    gateway: gatewayWith({
      ...given,
      open: (wishes, origin: Origin, stepMs) => {
        origin.whenSent?.(() => {
          seen.calls++;
          resolve();
        });
        return open(wishes, origin, stepMs);
      },
    }),
  };
}

describe('the hook at the end of a call', () => {
  const items = Array.from({ length: 200_000 }, (_, i) =>
    labelsFromRecord({ job: `job-${i}-${'x'.repeat(100)}` }),
  );
  const many = { series: async () => ({ items, annotations: [] }) };

  it('is called once when the answer was sent', async (t) => {
    const few = { labelNames: async () => ({ items: ['a'], annotations: [] }) };
    const { gateway, seen } = watched({ store: few });
    const { client } = await serving(t, {}, gateway);
    assert.equal((await callUnary(client, LABEL_NAMES)).code, status.OK);
    await seen.over;
    assert.equal(seen.calls, 1);
  });

  it('is called after an error', async (t) => {
    const fail = async (): Promise<never> => {
      throw new QueryError('unavailable', 'broken');
    };
    const { gateway, seen } = watched({ store: { series: fail } });
    const { client } = await serving(t, {}, gateway);
    assert.equal((await callStream(client, SERIES, REQUEST)).code, status.UNAVAILABLE);
    await seen.over;
    assert.equal(seen.calls, 1);
  });

  it('is called when the client leaves before the answer', async (t) => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const series = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    const { gateway, seen } = watched({ store: { series } });
    const { client } = await serving(t, {}, gateway);
    const call = openStream(client, SERIES, REQUEST).on('error', () => undefined);
    await asked;
    call.cancel();
    await seen.over;
    assert.equal(seen.calls, 1);
  });

  it('is called when the client leaves in the middle', async (t) => {
    const { gateway, seen } = watched({ store: many });
    const { client } = await serving(t, {}, gateway);
    const call = openStream(client, SERIES, REQUEST).on('error', () => undefined);
    await once(call, 'readable');
    assert.equal(seen.calls, 0);
    call.cancel();
    await seen.over;
    assert.equal(seen.calls, 1);
  });

  it('is called when the client takes nothing and is cut off; other calls go on', async (t) => {
    const { gateway, seen } = watched({ store: many });
    const { client, cuts, timers } = await serving(t, { writeTimeout: 77_000 }, gateway);
    const call = openStream(client, SERIES, REQUEST);
    const failed = once(call, 'error');
    await once(call, 'readable');
    assert.equal(seen.calls, 0);
    await timers.fire(77_000);
    await seen.over;
    assert.deepEqual([seen.calls, cuts], [1, ['long_answer']]);
    call.resume();
    const [error] = (await failed) as [{ code: status }];
    assert.equal(error.code, status.CANCELLED);
    assert.equal((await callUnary(client, HEALTH)).code, status.OK);
  });
});
