import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Client, credentials, status, type ChannelCredentials } from '@grpc/grpc-js';
import { type CutReason, DEFAULT_CLIENT_LIMITS } from '../../src/model/client-limits.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { CERTIFICATES, RENEWED } from '../support/certificates.ts';
import { until } from '../support/until.ts';
import { callUnary, gatewayWith, openStream, startGrpc } from './support.ts';

const FOLDER = 'test/support/certificates';
const read = (name: string): Buffer => readFileSync(`${FOLDER}/${name}`);

/** Asks a gateway that was started with these settings for its health. */
async function check(
  t: TestContext,
  tls: Readonly<Record<string, string>>,
  channel: ChannelCredentials,
): Promise<status> {
  const gateway = await startTestGateway([], { 'grpc.tls': tls });
  t.after(() => gateway.close(0));
  const client = new Client(gateway.grpcAddress, channel, {
    'grpc.ssl_target_name_override': 'store.example',
  });
  t.after(() => client.close());
  return (await callUnary(client, '/grpc.health.v1.Health/Check')).code;
}

describe('TLS of the gRPC server', () => {
  const server = { cert_file: `${FOLDER}/server.crt`, key_file: `${FOLDER}/server.key` };
  const mutual = { ...server, client_ca_file: `${FOLDER}/ca.crt` };

  it('shows its certificate', async (t) => {
    assert.equal(await check(t, server, credentials.createSsl(read('ca.crt'))), status.OK);
  });

  it('refuses plain text', async (t) => {
    assert.equal(await check(t, server, credentials.createInsecure()), status.UNAVAILABLE);
  });

  it('demands a certificate of clients where an authority for them is named', async (t) => {
    const known = credentials.createSsl(read('ca.crt'), read('client.key'), read('client.crt'));
    assert.equal(await check(t, mutual, known), status.OK);
    assert.equal(await check(t, mutual, credentials.createSsl(read('ca.crt'))), status.UNAVAILABLE);
  });

  it('does not hide which connection has a call to answer', async (t) => {
    const asked = Promise.withResolvers<void>();
    const labelNames = (): Promise<never> => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const cuts: CutReason[] = [];
    const [cert, key] = [read('server.crt').toString(), read('server.key').toString()];
    const running = await startGrpc(gatewayWith({ store: { labelNames } }), {
      tls: { cert, key, clientCa: undefined },
      limits: { ...DEFAULT_CLIENT_LIMITS, maxConnections: 1 },
      onCut: (reason) => cuts.push(reason),
    });
    t.after(running.close);
    const client = new Client(running.address, credentials.createSsl(read('ca.crt')), {
      'grpc.ssl_target_name_override': 'store.example',
    });
    t.after(() => client.close());
    const call = callUnary(client, '/thanos.Store/LabelNames', undefined, 5000);
    await asked.promise;
    const further = connect(Number(running.address.split(':')[1]), '127.0.0.1');
    await once(further.on('error', () => undefined).resume(), 'close');
    assert.deepEqual(cuts, ['too_many']);
    client.close();
    assert.notEqual((await call).code, status.OK);
  });

  it('is renewed with its files: later handshakes use it, open calls go on', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'promweave-tls-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const write = ({ ca, server: { cert, key } }: typeof CERTIFICATES): void => {
      writeFileSync(join(folder, 'ca.crt'), ca);
      writeFileSync(join(folder, 'tls.crt'), cert);
      writeFileSync(join(folder, 'tls.key'), key);
    };
    write(CERTIFICATES);
    const gateway = await startTestGateway([], {
      'grpc.tls': {
        cert_file: join(folder, 'tls.crt'),
        key_file: join(folder, 'tls.key'),
        client_ca_file: join(folder, 'ca.crt'),
      },
    });
    t.after(() => gateway.close(0));
    const connect = ({ ca, client: { cert, key } }: typeof CERTIFICATES): Client => {
      const channel = credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert));
      const client = new Client(gateway.grpcAddress, channel, {
        'grpc.ssl_target_name_override': 'store.example',
        'grpc.use_local_subchannel_pool': 1,
      });
      t.after(() => client.close());
      return client;
    };
    const checked = async (client: Client): Promise<status> =>
      (await callUnary(client, '/grpc.health.v1.Health/Check', undefined, 5000)).code;

    const before = connect(CERTIFICATES);
    const watch = openStream(before, '/grpc.health.v1.Health/Watch');
    await once(watch, 'data');
    write(RENEWED);
    await until('new connections see the new certificate', 20_000, async () => {
      return (await checked(connect(RENEWED))) === status.OK;
    });
    assert.equal(await checked(before), status.OK, 'over the connection from before');
    assert.equal(watch.destroyed, false);
    watch.on('error', () => {});
    watch.cancel();
    await until('the old certificate is known no more', 20_000, async () => {
      return (await checked(connect(CERTIFICATES))) === status.UNAVAILABLE;
    });
  });

  it('names a file that it cannot read', async () => {
    await assert.rejects(
      startTestGateway([], { 'grpc.tls': { ...server, key_file: 'nope.key' } }),
      /cannot read nope\.key/,
    );
  });
});
