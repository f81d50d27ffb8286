import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';
import { basic, folderOf, get, USERS } from './support.ts';

const token = (name: string): string => `${name}-0123456789abcdef`;
const bearer = (text: string): { readonly authorization: string } => ({ authorization: `Bearer ${text}` });

describe('bearer tokens', () => {
  it('of a file are taken beside passwords, and come and go with it', async (t) => {
    const { write } = folderOf(t);
    const gateway = await startTestGateway([], {
      'access.tokens_file': write('tokens.yml', `ann: ${token('ann')}`),
      'http.config_file': write('web.yml', `basic_auth_users: ${JSON.stringify(USERS)}`),
    });
    t.after(() => gateway.close(0));
    const statusWith = async (headers: Readonly<Record<string, string>>) =>
      (await get(gateway, '/-/healthy', { headers })).status;
    assert.deepEqual((await get(gateway, '/-/healthy')).headers['www-authenticate'], ['Basic', 'Bearer']);
    assert.equal(await statusWith(bearer(token('ann'))), 200);
    assert.equal(await statusWith(basic('dave', 'dave123')), 200);
    assert.equal(await statusWith(bearer(token('bob'))), 401);
    assert.equal(await statusWith(basic('ann', token('ann'))), 401);
    write('tokens.yml', `bob: ${token('bob')}`);
    await until('bob is known', 20_000, async () => (await statusWith(bearer(token('bob')))) === 200);
    assert.equal(await statusWith(bearer(token('ann'))), 401);
  });

  it('of a file without any let nobody in', async (t) => {
    const { write } = folderOf(t);
    const gateway = await startTestGateway([], { 'access.tokens_file': write('tokens.yml', '') });
    t.after(() => gateway.close(0));
    const { status, headers } = await get(gateway, '/-/healthy');
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer']);
  });

  it('that an issuer signed are checked by the keys that it publishes, which may change', async (t) => {
    const pairs = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
    const publicKeys = await Promise.all(
      pairs.map(async ({ publicKey }, i) => ({ ...(await exportJWK(publicKey)), kid: `key-${i}` })),
    );
    let asked = 0;
    let keys: unknown = { keys: [publicKeys[0]] };
    const issuer = createServer((_, answer) => {
      asked++;
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify(keys));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    t.after(() => {
      issuer.closeAllConnections();
      issuer.close();
    });
    const start = (audience = 'promweave') =>
      startTestGateway([], {
        'access.jwt': {
          issuer: 'i',
          audience: [audience],
          jwks_url: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`,
        },
      });
    const gateway = await start();
    t.after(() => gateway.close(0));
    const signed = (i: number) =>
      new SignJWT({ sub: 'ann' })
        .setProtectedHeader({ alg: 'RS256', kid: `key-${i}` })
        .setIssuer('i')
        .setAudience('promweave')
        .setExpirationTime('1h')
        .sign(pairs[i]!.privateKey);
    const statusWith = async (text: string, at = gateway) =>
      (await get(at, '/-/healthy', { headers: bearer(text) })).status;
    const [first, second] = [await signed(0), await signed(1)];
    for (let i = 0; i < 5; i++) assert.equal(await statusWith(first), 200);
    assert.equal(asked, 1);
    for (let i = 0; i < 5; i++) assert.equal(await statusWith(second), 401);
    assert.equal(asked, 1, 'unknown keys are no requests to the issuer');
    keys = { keys: publicKeys };
    const later = await start();
    t.after(() => later.close(0));
    assert.equal(await statusWith(second, later), 200);
    keys = `{"keys": ["${'x'.repeat(2 * 1024 ** 2)}"]}`;
    const flooded = await start();
    t.after(() => flooded.close(0));
    const answer = await get(flooded, '/-/healthy', { headers: bearer(first) });
    assert.equal(answer.status, 503);
    assert.match(answer.text, /the keys that sign tokens cannot be had now/);
  });

  it('are checked by the keys of a file, which is read again', async (t) => {
    const { write } = folderOf(t);
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] });
    const file = write('keys.json', '{"keys": []}');
    const gateway = await startTestGateway([], {
      'access.jwt': { issuer: 'i', audience: ['a'], jwks_file: file, user_claim: 'email' },
    });
    t.after(() => gateway.close(0));
    const text = await new SignJWT({ email: 'ann@x' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k' })
      .setIssuer('i')
      .setAudience('a')
      .setExpirationTime('1h')
      .sign(privateKey);
    const statusNow = async () => (await get(gateway, '/-/healthy', { headers: bearer(text) })).status;
    assert.equal(await statusNow(), 401);
    write('keys.json', keys);
    await until('the key is known', 20_000, async () => (await statusNow()) === 200);
    write('keys.json', 'nothing');
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.equal(await statusNow(), 200, 'a file that cannot be used changes nothing');
  });

  it('are not asked for behind a proxy that says who asks', async (t) => {
    const start = (networks: readonly string[]) =>
      startTestGateway([], { 'access.trusted_proxies': networks });
    const trusting = await start(['127.0.0.0/8']);
    t.after(() => trusting.close(0));
    const headers = { 'x-forwarded-user': 'ann' };
    assert.equal((await get(trusting, '/-/healthy', { headers })).status, 200);
    assert.equal((await get(trusting, '/-/healthy')).status, 401);
    const other = await start(['10.0.0.0/8']);
    t.after(() => other.close(0));
    assert.equal((await get(other, '/-/healthy', { headers })).status, 401);
  });
});
