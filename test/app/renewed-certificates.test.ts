import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createBackend } from '../../src/app/backends.ts';
import type { Backend, BackendSelect } from '../../src/backend/backend.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ServerCertificates } from '../../src/grpc/server-certificates.ts';
import { CERTIFICATES, RENEWED } from '../support/certificates.ts';
import { STREAMED_TYPE } from '../support/fake-prometheus.ts';
import { infoAnswer, startFakeStore, type StreamingCall } from '../support/fake-store.ts';
import { scopeWith } from '../support/scopes.ts';

const NEVER = new AbortController().signal;
const ALL: BackendSelect = {
  matchers: [],
  minTime: 0,
  maxTime: 1,
  hints: { range: 0, func: '' },
};

/** An endpoint with its certificates in files, and what writes them. */
function endpointAt(t: TestContext, address: string) {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-tls-'));
  const notes: string[] = [];
  const write = ({ ca, client }: typeof CERTIFICATES): void => {
    writeFileSync(join(folder, 'ca.crt'), ca);
    writeFileSync(join(folder, 'tls.crt'), client.cert);
    writeFileSync(join(folder, 'tls.key'), client.key);
  };
  write(CERTIFICATES);
  const tls = {
    ca_file: join(folder, 'ca.crt'),
    cert_file: join(folder, 'tls.crt'),
    key_file: join(folder, 'tls.key'),
    server_name: 'store.example',
    insecure_skip_verify: false,
  };
  const settings = {
    ...loadConfig(undefined),
    note: (level: string, text: string) => void notes.push(`${level} ${text}`),
  };
  const backend = createBackend({ address, headers: {}, tls }, settings);
  t.after(async () => {
    await backend.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { backend, write, notes };
}

async function describes(backend: Backend): Promise<string> {
  const described = await backend.describe(NEVER);
  return described.ok ? 'ok' : described.failure.reason;
}

function serverOptions({ ca, server }: typeof CERTIFICATES) {
  return { ca, cert: server.cert, key: server.key };
}

/** A Prometheus over HTTPS that knows nobody without a certificate; a test says how it answers reads. */
async function startHttps(t: TestContext) {
  const empty = (response: ServerResponse): void => void response.end();
  let read = empty;
  const server = createServer({ ...serverOptions(CERTIFICATES), requestCert: true }, (request, response) => {
    request.resume();
    if (request.url?.startsWith('/api/v1/read') === true) {
      response.writeHead(200, { 'content-type': STREAMED_TYPE });
      response.flushHeaders();
      return read(response);
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { yaml: '' } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    renew: (): void => {
      server.setSecureContext(serverOptions(RENEWED));
      server.closeIdleConnections();
    },
    /** The next read stays open until the returned response is ended. */
    holdRead: (): Promise<ServerResponse> => {
      const held = Promise.withResolvers<ServerResponse>();
      read = (response) => {
        read = empty;
        held.resolve(response);
      };
      return held.promise;
    },
  };
}

/** A store over TLS that knows nobody without a certificate; its Series calls stay open. */
async function startStore(t: TestContext) {
  const tlsOf = ({ ca, server }: typeof CERTIFICATES) => ({ ...server, clientCa: ca });
  const certificates = new ServerCertificates(tlsOf(CERTIFICATES));
  const held = Promise.withResolvers<StreamingCall>();
  const store = await startFakeStore(
    { info: () => infoAnswer(), series: (call) => held.resolve(call) },
    certificates.credentials(),
  );
  t.after(() => store.close());
  return {
    address: `grpcs://${store.target}`,
    renew: (): void => certificates.renew(tlsOf(RENEWED)),
    held: held.promise,
  };
}

const UNTRUSTED = /its TLS certificate is signed by a CA that is not trusted here/;

describe('renewed certificates of an endpoint', () => {
  it('over HTTP are used by the next request, while one that runs ends as it began', async (t) => {
    const { address, renew, holdRead } = await startHttps(t);
    const { backend, write, notes } = endpointAt(t, address);
    assert.equal(await describes(backend), 'ok');

    const held = holdRead();
    const running = backend.select(scopeWith(), ALL);
    const response = await held;
    renew();
    assert.match(await describes(backend), UNTRUSTED);
    write(RENEWED);
    assert.equal(await describes(backend), 'ok');
    assert.match(notes.join('\n'), /^info endpoint https:.*: TLS files were read again: .*tls\.key$/);

    response.end();
    assert.ok((await running).ok);
  });

  it('do not keep an endpoint open that is closed while a call runs over the former ones', async (t) => {
    const { address, holdRead } = await startHttps(t);
    const { backend, write } = endpointAt(t, address);
    assert.equal(await describes(backend), 'ok');
    const held = holdRead();
    const running = backend.select(scopeWith(), ALL);
    await held;
    write({ ...CERTIFICATES, ca: CERTIFICATES.ca + RENEWED.ca });
    assert.equal(await describes(backend), 'ok');
    await backend.close();
    const answer = await running;
    assert.ok(!answer.ok);
    assert.equal(answer.failure.bug, undefined);
  });

  it('over gRPC are used by the next call, while one that runs ends as it began', async (t) => {
    const { address, renew, held } = await startStore(t);
    const { backend, write } = endpointAt(t, address);
    assert.equal(await describes(backend), 'ok');

    const running = backend.select(scopeWith(), ALL);
    const call = await held;
    renew();
    write(RENEWED);
    assert.equal(await describes(backend), 'ok');

    call.end();
    assert.ok((await running).ok);
  });

  it('over gRPC are missed where they are not renewed, and the failure says which file to look at', async (t) => {
    const { address, renew } = await startStore(t);
    renew();
    const { backend, write } = endpointAt(t, address);
    const reason = await describes(backend);
    assert.match(reason, UNTRUSTED);
    assert.match(reason, /CA file must hold that CA \(the file is read again whenever it changes\)/);
    write(RENEWED);
    assert.equal(await describes(backend), 'ok');
  });

  it('that cannot be used leave the former ones in use', async (t) => {
    const { address } = await startHttps(t);
    const { backend, write, notes } = endpointAt(t, address);
    write({ ...RENEWED, ca: 'half a fil' });
    assert.equal(await describes(backend), 'ok');
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /^warn endpoint https:.*ca\.crt holds no whole certificates/);
  });
});
