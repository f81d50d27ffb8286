import assert from 'node:assert/strict';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { ServerCredentials } from '@grpc/grpc-js';
import type { TlsOptions } from '../../../src/backend/connection-options.ts';
import { createStoreApiBackend } from '../../../src/backend/store-api/backend.ts';
import { STORE_API_DEFAULTS } from '../../../src/backend/store-api/options.ts';
import type { StoreApiOptions } from '../../../src/backend/store-api/options.ts';
import { type FakeCalls, infoAnswer, startFakeStore } from '../../support/fake-store.ts';
import { CERTIFICATES } from '../../support/certificates.ts';
import { ALL, NEVER, backendTo, failureOf, valueOf } from './support.ts';
import { scopeWith } from '../../support/scopes.ts';

const serverCredentials = ServerCredentials.createSsl(
  Buffer.from(CERTIFICATES.ca),
  [{ private_key: Buffer.from(CERTIFICATES.server.key), cert_chain: Buffer.from(CERTIFICATES.server.cert) }],
  true,
);

describe('a connection with TLS on both sides', () => {
  const tls = {
    ca: CERTIFICATES.ca,
    cert: CERTIFICATES.client.cert,
    key: CERTIFICATES.client.key,
    serverName: 'store.example',
  };

  it('is made with our own certificate and the name of the server', async (t) => {
    assert.equal(valueOf(await describeOver(t, { tls })).component, 'sidecar');
  });

  it('is refused where the certificate is for another name', async (t) => {
    const { kind, reason } = failureOf(
      await describeOver(t, { tls: { ...tls, serverName: 'other.example' } }),
    );
    assert.equal(kind, 'unavailable');
    assert.match(reason, /its TLS certificate is for another name/);
  });

  it('is refused where the CA is not known, unless that is not to be checked', async (t) => {
    const { cert, key } = CERTIFICATES.client;
    const { reason } = failureOf(await describeOver(t, { tls: { cert, key, serverName: 'store.example' } }));
    assert.match(reason, /its TLS certificate is signed by a CA that is not trusted here; .*CA file/);
    const unchecked = { cert, key, serverName: 'any.example', insecureSkipVerify: true };
    assert.ok((await describeOver(t, { tls: unchecked })).ok);
  });

  it('is refused by the server where we show no certificate', async (t) => {
    const { ca, serverName } = tls;
    assert.equal(failureOf(await describeOver(t, { tls: { ca, serverName } })).kind, 'unavailable');
  });

  it('is not made to a server of plain text', async (t) => {
    const store = await startFakeStore({ info: () => infoAnswer() });
    t.after(() => store.close());
    assert.equal(failureOf(await describeOver(t, { tls, target: store.target })).kind, 'unavailable');
  });
});

describe('what goes with each call', () => {
  it('are credentials and headers', async (t) => {
    const seen: unknown[] = [];
    const calls: FakeCalls = {
      series: (call) => {
        seen.push(call.metadata.get('authorization'), call.metadata.get('thanos-tenant'));
        call.end();
      },
    };
    const authorization = (): string => 'Bearer secret';
    const backend = await backendTo(t, calls, { authorization, headers: { 'THANOS-TENANT': 'x' } });
    valueOf(await backend.select(scopeWith(), ALL));
    assert.deepEqual(seen, [['Bearer secret'], ['x']]);
  });

  it('are no credentials that no header can carry', async (t) => {
    let calls = 0;
    const backend = await backendTo(
      t,
      { info: () => (calls++, infoAnswer()), series: () => void calls++ },
      { authorization: () => 'Bearer a\nb' },
    );
    for (const answer of [await backend.describe(NEVER), await backend.select(scopeWith(), ALL)]) {
      const { kind, reason, bug } = failureOf(answer);
      assert.deepEqual([kind, bug], ['bad_data', undefined]);
      assert.match(reason, /its credentials are not sent: they must be one line of printable ASCII/);
    }
    assert.equal(calls, 0);
  });

  it('is gzip where it is configured', async (t) => {
    const seen: unknown[] = [];
    const server = createServer();
    server.on('stream', (stream, headers) => {
      seen.push(headers['grpc-encoding']);
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': 0 },
        { endStream: true },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const gzip of [true, false]) {
      const backend = await backendTo(t, {}, { target, gzip });
      valueOf(await backend.select(scopeWith(), ALL));
    }
    assert.deepEqual(seen, ['gzip', undefined]);
  });
});

describe('a mistake of our own in a call', () => {
  it('is no failure: it comes out with its stack', async (t) => {
    const authorization = (): string => {
      throw new TypeError('x is not a function');
    };
    const backend = await backendTo(t, { info: () => infoAnswer() }, { authorization });
    const bug = { name: 'TypeError', message: 'x is not a function', stack: /connection\.test/ };
    await assert.rejects(backend.describe(NEVER), bug);
    await assert.rejects(backend.select(scopeWith(), ALL), bug);
  });
});

describe('what gRPC says of its connections', () => {
  it('is for the log alone, since it holds addresses', async (t) => {
    const backend = await backendTo(t, {}, { target: 'unix:///nowhere/promweave.sock' });
    const { kind, reason, detail } = failureOf(await backend.describe(NEVER));
    assert.equal(kind, 'unavailable');
    assert.doesNotMatch(reason, /promweave\.sock/);
    assert.match(detail!, /promweave\.sock/);
  });
});

async function describeOver(
  t: { after(stop: () => Promise<void>): void },
  { tls, ...options }: Partial<Omit<StoreApiOptions, 'tls'>> & { readonly tls?: TlsOptions },
): ReturnType<ReturnType<typeof createStoreApiBackend>['describe']> {
  const store = await startFakeStore({ info: () => infoAnswer() }, serverCredentials);
  const target = store.target;
  const backend = createStoreApiBackend({
    ...STORE_API_DEFAULTS,
    address: target,
    target,
    ...options,
    ...(tls && { tls: () => tls }),
  });
  t.after(async () => {
    await backend.close();
    store.close();
  });
  return backend.describe(NEVER);
}
