import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { Client, credentials, status, type ChannelCredentials } from '@grpc/grpc-js';
import { startTestGateway } from '../support/running-gateway.ts';
import { callUnary } from './support.ts';

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

  it('names a file that it cannot read', async () => {
    await assert.rejects(
      startTestGateway([], { 'grpc.tls': { ...server, key_file: 'nope.key' } }),
      /cannot read nope\.key/,
    );
  });
});
