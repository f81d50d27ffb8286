import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { Client, credentials, status, type InterceptingCall, type Metadata } from '@grpc/grpc-js';
import * as grpc from '@grpc/grpc-js';
import { Gatekeeper } from '../../src/access/gatekeeper.ts';
import { Passwords } from '../../src/access/passwords.ts';
import type { Origin } from '../../src/gateway/request-scope.ts';
import { ANYBODY } from '../../src/model/request-scope.ts';
import { bug } from '../../src/model/errors.ts';
import { until } from '../support/until.ts';
import { callStream, callUnary, gatewayWith, startGrpc } from './support.ts';

const FOLDER = 'test/support/certificates';
const read = (name: string): Buffer => readFileSync(`${FOLDER}/${name}`);

/** Knows ann, whose password is "right". */
const gatekeeper = (isHealthOpen = false): Gatekeeper =>
  new Gatekeeper(
    () => ({ users: new Map([['ann', 'hash']]), bearers: [], proxies: undefined, isHealthOpen }),
    new Passwords(async (password) => password === 'right'),
  );

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Sends these values of `authorization` with each call. */
function showing(...values: readonly string[]): grpc.ClientOptions {
  return {
    interceptors: [
      (options, next): InterceptingCall =>
        new grpc.InterceptingCall(next(options), {
          start: (metadata: Metadata, listener, start) => {
            for (const value of values) metadata.add('authorization', value);
            start(metadata, listener);
          },
        }),
    ],
  };
}

describe('calls over gRPC', () => {
  /** Codes of a unary call, a stream and a health check with such metadata. */
  async function codes(
    t: TestContext,
    shown: grpc.ClientOptions,
    keeper = gatekeeper(),
  ): Promise<readonly status[]> {
    const running = await startGrpc(gatewayWith({ open: () => bug('asked') }), { gatekeeper: keeper });
    t.after(running.close);
    const client = new Client(running.address, credentials.createInsecure(), shown);
    t.after(() => client.close());
    const answers = [
      await callUnary(client, '/thanos.Store/LabelNames'),
      await callStream(client, '/thanos.Store/Series'),
      await callUnary(client, '/grpc.health.v1.Health/Check'),
    ];
    return answers.map(({ code }) => code);
  }
  const { INTERNAL, OK, UNAUTHENTICATED } = status;
  const REFUSED = [UNAUTHENTICATED, UNAUTHENTICATED, UNAUTHENTICATED];

  it('are let in whose metadata has the right password', async (t) => {
    assert.deepEqual(await codes(t, showing(basic('ann', 'right'))), [INTERNAL, INTERNAL, OK]);
    assert.deepEqual(await codes(t, showing(basic('ann', 'wrong'))), REFUSED);
    assert.deepEqual(await codes(t, showing(basic('bob', 'right'))), REFUSED);
    assert.deepEqual(await codes(t, showing()), REFUSED);
  });

  it('are told how they may be let in, and nothing of what they sent', async (t) => {
    const running = await startGrpc(gatewayWith({}), { gatekeeper: gatekeeper() });
    t.after(running.close);
    const client = new Client(running.address, credentials.createInsecure(), showing('Bearer S3CRET'));
    t.after(() => client.close());
    const { details } = await callUnary(client, '/thanos.Store/LabelNames');
    assert.match(details, /send authorization in its metadata/);
    assert.doesNotMatch(details, /S3CRET/);
  });

  it('may ask for the health without a password, where that is open', async (t) => {
    assert.deepEqual(await codes(t, showing(), gatekeeper(true)), [UNAUTHENTICATED, UNAUTHENTICATED, OK]);
  });

  it('are let in by a certificate that is trusted', async (t) => {
    const tls = {
      cert: read('server.crt').toString(),
      key: read('server.key').toString(),
      clientCa: read('ca.crt').toString(),
    };
    const running = await startGrpc(gatewayWith({}), { gatekeeper: gatekeeper(), tls });
    t.after(running.close);
    const channel = credentials.createSsl(read('ca.crt'), read('client.key'), read('client.crt'));
    const client = new Client(running.address, channel, { 'grpc.ssl_target_name_override': 'store.example' });
    t.after(() => client.close());
    assert.equal((await callUnary(client, '/grpc.health.v1.Health/Check')).code, OK);
  });

  it('wait for turns by their user', async (t) => {
    const clients: string[] = [];
    const open = (_: unknown, { client }: Origin): never => {
      clients.push(client);
      return bug(ANYBODY.client);
    };
    const running = await startGrpc(gatewayWith({ open }), { gatekeeper: gatekeeper() });
    t.after(running.close);
    const client = new Client(running.address, credentials.createInsecure(), showing(basic('ann', 'right')));
    t.after(() => client.close());
    await callUnary(client, '/thanos.Store/LabelNames');
    assert.deepEqual(clients, ['ann']);
  });

  it('find another connection once theirs is old', async (t) => {
    const running = await startGrpc(gatewayWith({}), { maxConnectionAge: 50 });
    t.after(running.close);
    const isIdle = (): boolean =>
      running.client.getChannel().getConnectivityState(false) === grpc.connectivityState.IDLE;
    assert.equal((await callUnary(running.client, '/grpc.health.v1.Health/Check')).code, OK);
    await until('the connection ended', 10_000, async () => isIdle());
    assert.equal((await callUnary(running.client, '/grpc.health.v1.Health/Check')).code, OK);
  });
});
