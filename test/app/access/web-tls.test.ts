import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, it } from 'node:test';
import { Agent, request } from 'undici';
import { firstExpiry } from '../../../src/app/certificates.ts';
import { CERTIFICATES, RENEWED } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';
import { gatewayWithWeb, get, PAIR } from './support.ts';

const tls = (more = ''): string => `tls_server_config: { ${PAIR}${more === '' ? '' : `, ${more}`} }`;

describe('TLS of the HTTP server', () => {
  it('shows its certificate, and speaks no plain text', async (t) => {
    const { gateway } = await gatewayWithWeb(t, tls());
    assert.match(gateway.url, /^https:/);
    assert.equal((await get(gateway, '/-/healthy')).text, 'promweave is healthy.\n');
    const expiry = `promweave_cert_expiry_timestamp_seconds{transport="http"} ${firstExpiry(CERTIFICATES.server.cert)! / 1000}\n`;
    assert.ok((await get(gateway, '/metrics')).text.includes(expiry), expiry);
    assert.equal((await get({ url: gateway.url.replace('https', 'http') }, '/-/healthy')).status, 0);
    assert.equal((await get(gateway, '/-/healthy', { certificates: RENEWED })).status, 0);
  });

  it('takes clients by their certificates as Go does', async (t) => {
    const none = {};
    const known = { showsCertificate: true };
    const ofOthers = { showsCertificate: true, certificates: { ...RENEWED, ca: CERTIFICATES.ca } };
    const rows: readonly (readonly [string, readonly [number, number, number]])[] = [
      ['NoClientCert', [200, 200, 200]],
      ['RequestClientCert', [200, 200, 200]],
      ['RequireAnyClientCert', [0, 200, 200]],
      ['RequireClientCert', [0, 200, 200]],
      ['VerifyClientCertIfGiven', [200, 200, 0]],
      ['RequireAndVerifyClientCert', [0, 200, 0]],
    ];
    for (const [type, expected] of rows) {
      const ca = type === 'NoClientCert' ? '' : ', client_ca_file: ca.crt';
      const { gateway } = await gatewayWithWeb(t, tls(`client_auth_type: ${type}${ca}`));
      const statuses = [none, known, ofOthers].map(
        async (client) => (await get(gateway, '/-/healthy', client)).status,
      );
      assert.deepEqual(await Promise.all(statuses), expected, type);
    }
  });

  it('knows no client by authorities of the system that did not sign its certificate', async (t) => {
    const { gateway } = await gatewayWithWeb(t, tls('client_auth_type: RequireAndVerifyClientCert'));
    assert.equal((await get(gateway, '/-/healthy', { showsCertificate: true })).status, 0);
  });

  it('demands one of the names of a certificate, where names are listed', async (t) => {
    const statusWith = async (sans: string): Promise<number> => {
      const web = tls(
        `client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: ${sans}`,
      );
      const { gateway } = await gatewayWithWeb(t, web);
      return (await get(gateway, '/-/healthy', { showsCertificate: true })).status;
    };
    assert.equal(await statusWith('[x.example, gateway.example]'), 200);
    assert.equal(await statusWith('[x.example]'), 0);
    assert.equal(await statusWith('[]'), 0);
  });

  it('has the versions, suites and curves that are configured', async (t) => {
    const shake = async (web: string, options: object): Promise<readonly unknown[]> => {
      const { gateway } = await gatewayWithWeb(t, web);
      const port = Number(new URL(gateway.url).port);
      const socket = connectTls({
        port,
        host: '127.0.0.1',
        ca: CERTIFICATES.ca,
        servername: 'store.example',
        ...options,
      });
      const outcome = await Promise.race([
        new Promise<unknown[]>((resolve) => {
          socket.once('secureConnect', () => resolve([socket.getProtocol(), socket.getCipher().name]));
        }),
        new Promise<unknown[]>((resolve) => socket.once('error', () => resolve(['refused']))),
      ]);
      socket.destroy();
      return outcome;
    };
    const RSA = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256';
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' };
    assert.deepEqual(await shake(tls(), old), ['refused']);
    const [version] = await shake(tls('min_version: TLS10'), old);
    assert.equal(version, 'TLSv1.1');
    assert.deepEqual(await shake(tls('min_version: TLS13'), { maxVersion: 'TLSv1.2' }), ['refused']);
    const only12 =
      'max_version: TLS12, cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]';
    const [, suite] = await shake(tls(only12), { ciphers: `ECDHE-RSA-AES256-GCM-SHA384:${RSA}` });
    assert.match(String(suite), /AES128-GCM-SHA256$/);
    assert.deepEqual(
      await shake(tls(only12), { ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384' }),
      ['refused'],
    );
    // TLS 1.3 is not a matter of suites, as in Go.
    const [last] = await shake(tls('cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]'), {});
    assert.equal(last, 'TLSv1.3');
    assert.deepEqual(await shake(tls('curve_preferences: [CurveP521]'), { ecdhCurve: 'P-384' }), ['refused']);
    assert.equal((await shake(tls('curve_preferences: [CurveP521]'), { ecdhCurve: 'P-521' }))[0], 'TLSv1.3');
  });

  it('is renewed with its files: later handshakes use it, open connections go on', async (t) => {
    const web = tls('client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt');
    const { gateway, writeCertificates } = await gatewayWithWeb(t, web);
    const { ca, client } = CERTIFICATES;
    const dispatcher = new Agent({ connect: { ca, servername: 'store.example', ...client }, connections: 1 });
    t.after(() => dispatcher.destroy());
    const before = async (): Promise<number> => {
      const answer = await request(`${gateway.url}/-/healthy`, { dispatcher });
      await answer.body.dump();
      return answer.statusCode;
    };
    assert.equal(await before(), 200);
    writeCertificates(RENEWED);
    await until('new connections see the new certificate', 20_000, async () => {
      return (
        (await get(gateway, '/-/healthy', { certificates: RENEWED, showsCertificate: true })).status === 200
      );
    });
    assert.equal(await before(), 200, 'over the connection from before');
    assert.equal((await get(gateway, '/-/healthy', { showsCertificate: true })).status, 0);
  });

  it('counts connections from before their handshake, and ends those that are silent', async (t) => {
    const { gateway } = await gatewayWithWeb(t, tls(), { 'http.max_connections': 8 });
    const port = Number(new URL(gateway.url).port);
    const silent = Array.from({ length: 12 }, () =>
      connect(port, '127.0.0.1')
        .on('error', () => undefined)
        .resume(),
    );
    t.after(() => silent.forEach((socket) => socket.destroy()));
    await until(
      'the first ones made room',
      20_000,
      async () => silent.filter((socket) => socket.closed).length >= 3,
    );
    assert.equal((await get(gateway, '/-/healthy')).status, 200);
  });
});
