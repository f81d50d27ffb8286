import assert from 'node:assert/strict';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { fastify } from 'fastify';
import type { Credentials } from '../../../src/gateway/tenancy/tenancy.ts';
import { admitTenants } from '../../../src/http/tenants.ts';
import { NO_TENANT, type Admission } from '../../../src/model/request-scope.ts';
import { CERTIFICATES, RENEWED } from '../../support/certificates.ts';
import { startTestGateway } from '../../support/running-gateway.ts';

const FOLDER = 'test/support/certificates';
/** The common name of the certificate of the client. */
const CLIENT = 'gateway.example';

/** The status of a call that is for administrators, from a client that says by a header that it is one. */
async function infoOf(t: TestContext, tenancy: Readonly<Record<string, unknown>>): Promise<status> {
  const gateway = await startTestGateway([], {
    'grpc.tls': {
      cert_file: `${FOLDER}/server.crt`,
      key_file: `${FOLDER}/server.key`,
      client_ca_file: `${FOLDER}/ca.crt`,
    },
    tenancy: { enforce: true, certificate_field: 'commonName', ...tenancy },
  });
  t.after(() => gateway.close(0));
  const { ca, client: own } = CERTIFICATES;
  const channel = credentials.createSsl(Buffer.from(ca), Buffer.from(own.key), Buffer.from(own.cert));
  const client = new Client(gateway.grpcAddress, channel, {
    'grpc.ssl_target_name_override': 'store.example',
  });
  t.after(() => client.close());
  const metadata = new Metadata();
  metadata.add('thanos-tenant', 'ops');
  return new Promise((resolve) => {
    const bytes = (message: Buffer): Buffer => message;
    client.makeUnaryRequest('/thanos.info.Info/Info', bytes, bytes, Buffer.alloc(0), metadata, {}, (error) =>
      resolve(error?.code ?? status.OK),
    );
  });
}

test('over gRPC the certificate names the tenant, and the header does not', async (t) => {
  assert.equal(await infoOf(t, { admins: ['ops'] }), status.PERMISSION_DENIED);
  assert.equal(await infoOf(t, { admins: [CLIENT] }), status.OK);
  assert.equal(await infoOf(t, { tenants: { ops: '' }, admins: [] }), status.PERMISSION_DENIED);
});

test('over HTTP the subject counts of a certificate that is trusted, and no other', async (t) => {
  const { ca, server: own, client } = CERTIFICATES;
  const shown: Credentials[] = [];
  const server = fastify({
    https: { ...own, ca, requestCert: true, rejectUnauthorized: false },
  });
  const admit = (each: Credentials): Admission => {
    shown.push(each);
    return NO_TENANT;
  };
  admitTenants(server, { gateway: { admit }, serves: 'all' });
  server.get('/', (_request, reply) => reply.send('ok'));
  await server.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  for (const certificate of [client, RENEWED.client, {}])
    await new Promise<void>((resolve, reject) => {
      const options = {
        port,
        host: '127.0.0.1',
        ca,
        servername: 'store.example',
        agent: false,
        ...certificate,
      };
      request(options, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
  assert.deepEqual(
    shown.map(({ subject }) => subject?.['CN']),
    [CLIENT, undefined, undefined],
  );
});
