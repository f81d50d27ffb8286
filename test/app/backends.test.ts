import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createBackend } from '../../src/app/backends.ts';
import { firstExpiry } from '../../src/app/certificates.ts';
import { grpcTls } from '../../src/app/store-api-backend.ts';
import { type Override, loadConfig } from '../../src/config/load.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { CERTIFICATES } from '../support/certificates.ts';
import { startFakePrometheus } from '../support/fake-prometheus.ts';
import { infoAnswer, startFakeStore } from '../support/fake-store.ts';

const NEVER = new AbortController().signal;

const configOf = (overrides: Readonly<Record<string, unknown>> = {}) => ({
  ...loadConfig(
    undefined,
    Object.entries(overrides).map(([path, value]): Override => ({
      path: path.split('.'),
      value,
      source: path,
    })),
  ),
  note: () => {},
});

describe('an address of an endpoint', () => {
  for (const scheme of ['', 'grpc://'])
    it(`with ${scheme || 'host and port alone'} is a Store API`, async (t) => {
      const labels = labelsFromRecord({ cluster: 'eu' });
      const store = await startFakeStore({ info: () => infoAnswer([labels]) });
      const backend = createBackend({ address: scheme + store.target, headers: {} }, configOf());
      t.after(async () => {
        await backend.close();
        store.close();
      });
      const described = await backend.describe(NEVER);
      assert.ok(described.ok);
      assert.deepEqual(described.value.externalLabels, labels);
      assert.equal(backend.address, scheme + store.target);
    });

  const WRONG = [
    ['sidecar', /sidecar is no address; write http:\/\/host:port for a Prometheus/],
    ['grpc://sidecar', /is no address/],
    ['ftp://sidecar:21', /is no address/],
    ['grpc://sidecar:10901/path', /is no address/],
  ] as const;
  for (const [address, text] of WRONG)
    it(`${address} fails in every answer, and says how it should be`, async () => {
      const described = await createBackend({ address, headers: {} }, configOf()).describe(NEVER);
      assert.ok(!described.ok);
      assert.match(described.failure.reason, text);
    });

  it('of plain text with TLS settings is refused', async () => {
    const tls = { insecure_skip_verify: true };
    const backend = createBackend({ address: 'grpc://sidecar:10901', headers: {}, tls }, configOf());
    const described = await backend.describe(NEVER);
    assert.ok(!described.ok);
    assert.match(described.failure.reason, /write grpcs:\/\//);
  });
});

describe('TLS of gRPC', () => {
  const own = { ca_file: 'own', insecure_skip_verify: false };
  const shared = { ca_file: 'shared', insecure_skip_verify: false };
  const plain = configOf().grpc_client;
  const secure = { ...plain, secure: true, tls: shared };

  it('is asked for by the scheme', () => {
    assert.equal(grpcTls({ address: 'grpc://a:1' }, secure), undefined);
    assert.deepEqual(grpcTls({ address: 'grpcs://a:1' }, plain), { insecure_skip_verify: false });
    assert.deepEqual(grpcTls({ address: 'grpcs://a:1' }, secure), shared);
  });

  it('without a scheme is what the client or the endpoint is set to', () => {
    assert.equal(grpcTls({ address: 'a:1' }, plain), undefined);
    assert.deepEqual(grpcTls({ address: 'a:1' }, secure), shared);
    assert.deepEqual(grpcTls({ address: 'a:1', tls: own }, secure), own);
    assert.deepEqual(grpcTls({ address: 'a:1', tls: own }, plain), own);
  });
});

describe('a secret in a file', () => {
  it('is read again for each request, and the last one serves while the file is away', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'first\n');
    const server = await startFakePrometheus({});
    const backend = createBackend({ address: server.url, headers: {}, bearer_token_file: file }, configOf());
    t.after(async () => {
      await backend.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const sent = async (): Promise<string | undefined> => {
      await backend.describe(NEVER);
      return server.requests.at(-1)!.headers['authorization'];
    };
    assert.equal(await sent(), 'Bearer first');
    writeFileSync(file, 'second\n');
    assert.equal(await sent(), 'Bearer second');
    assert.equal(backend.trouble!(), undefined);
    rmSync(file);
    assert.equal(await sent(), 'Bearer second');
    assert.match(backend.trouble!()!, /^cannot read .*token: there is no such file; the secret that/);
  });
});

describe('a certificate that an endpoint is shown', () => {
  it('tells when it expires, and none tells nothing', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'promweave-certificate-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    writeFileSync(cert, CERTIFICATES.client.cert);
    writeFileSync(key, CERTIFICATES.client.key);
    const backendWith = (tls: object) =>
      createBackend(
        { address: 'https://a:1', headers: {}, tls: { insecure_skip_verify: false, ...tls } },
        configOf(),
      );
    const [shown, none] = [backendWith({ cert_file: cert, key_file: key }), backendWith({})];
    t.after(async () => Promise.all([shown.close(), none.close()]));
    assert.equal(shown.certificateExpiry!(), firstExpiry(CERTIFICATES.client.cert));
    assert.equal(none.certificateExpiry!(), undefined);
  });
});
