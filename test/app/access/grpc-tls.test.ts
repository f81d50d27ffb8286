import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { test, type TestContext } from 'node:test';
import { firstExpiry } from '../../../src/app/certificates.ts';
import type { RunningGateway } from '../../../src/app/start-gateway.ts';
import { CERTIFICATES, RENEWED } from '../../support/certificates.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';
import { folderOf, type Folder } from './support.ts';

async function gatewayWithTls(t: TestContext): Promise<Folder & { readonly gateway: RunningGateway }> {
  const files = folderOf(t);
  const gateway = await startTestGateway([], {
    'grpc.tls.cert_file': join(files.folder, 'server.crt'),
    'grpc.tls.key_file': join(files.folder, 'server.key'),
  });
  t.after(() => gateway.close(0));
  return { ...files, gateway };
}

/** Whether a new connection is shown a certificate that these authorities signed. */
async function isSignedBy({ grpcAddress }: RunningGateway, { ca }: typeof CERTIFICATES): Promise<boolean> {
  const port = Number(grpcAddress.split(':').at(-1));
  const socket = connect({ port, host: '127.0.0.1', ca, servername: 'store.example', ALPNProtocols: ['h2'] });
  try {
    await once(socket, 'secureConnect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function metric({ url }: RunningGateway, series: string): Promise<string | undefined> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);
}

const fileMetric = async (gateway: RunningGateway): Promise<string | undefined> =>
  metric(gateway, 'promweave_access_last_reload_successful{file="grpc_tls"}');

const expiryMetric = async (gateway: RunningGateway): Promise<string | undefined> =>
  metric(gateway, 'promweave_cert_expiry_timestamp_seconds{transport="grpc"}');

test('certificates of the gRPC server are read again, and such that cannot be used leave the former ones', async (t) => {
  const { gateway, write, writeCertificates } = await gatewayWithTls(t);
  assert.ok(await isSignedBy(gateway, CERTIFICATES));
  assert.equal(await fileMetric(gateway), '1');
  assert.equal(await expiryMetric(gateway), String(firstExpiry(CERTIFICATES.server.cert)! / 1000));
  write('server.key', RENEWED.server.key);
  await until(
    'the key is found to be of another certificate',
    15_000,
    async () => (await fileMetric(gateway)) === '0',
  );
  assert.ok(await isSignedBy(gateway, CERTIFICATES));
  writeCertificates(RENEWED);
  await until('the new certificate is shown', 15_000, () => isSignedBy(gateway, RENEWED));
  assert.equal(await fileMetric(gateway), '1');
  assert.equal(await expiryMetric(gateway), String(firstExpiry(RENEWED.server.cert)! / 1000));
});
