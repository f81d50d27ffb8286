import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startTestGateway } from '../../support/running-gateway.ts';
import { until } from '../../support/until.ts';
import { basic, folderOf, gatewayWithWeb, get, PAIR, USERS } from './support.ts';

const usersOf = (users: Readonly<Record<string, string>>): string =>
  `basic_auth_users: ${JSON.stringify(users)}\n`;
const DAVE = basic('dave', 'dave123');
const CAROL = basic('carol', 'carol123');

describe('users of a web configuration', () => {
  it('are asked for on every path, whether there is such a path or not', async (t) => {
    const { gateway } = await gatewayWithWeb(t, usersOf(USERS));
    const paths = [
      '/',
      '/-/healthy',
      '/-/ready',
      '/metrics',
      '/api/v1/query?query=1',
      '/api/v1/status/config',
      '/nope',
      '/a/../b',
    ];
    for (const path of paths) {
      const { status, headers, text } = await get(gateway, path);
      assert.deepEqual([path, status, text], [path, 401, 'Unauthorized\n']);
      assert.equal(headers['www-authenticate'], 'Basic');
      assert.notEqual((await get(gateway, path, { headers: DAVE })).status, 401, path);
    }
    for (const wrong of [
      basic('dave', 'carol123'),
      basic('eve', 'dave123'),
      basic('dave', ''),
      { authorization: 'Bearer x' },
    ])
      assert.equal((await get(gateway, '/-/healthy', { headers: wrong })).status, 401);
    assert.equal((await get(gateway, '/-/healthy', { headers: CAROL })).status, 200);
  });

  it('show passwords beside certificates, where both are asked for', async (t) => {
    const web = `tls_server_config: { ${PAIR}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt }\n${usersOf(USERS)}`;
    const { gateway } = await gatewayWithWeb(t, web);
    assert.equal((await get(gateway, '/-/healthy', { headers: DAVE })).status, 0);
    assert.equal((await get(gateway, '/-/healthy', { showsCertificate: true })).status, 401);
    assert.equal((await get(gateway, '/-/healthy', { showsCertificate: true, headers: DAVE })).status, 200);
  });

  it('come and go with the file; one that cannot be used changes nothing, and shows', async (t) => {
    const { gateway, write } = await gatewayWithWeb(t, usersOf({ dave: USERS.dave }));
    const statusOf = async (headers: Readonly<Record<string, string>>) =>
      (await get(gateway, '/-/healthy', { headers })).status;
    const inForce = async (headers: Readonly<Record<string, string>>): Promise<string | undefined> => {
      const { text } = await get(gateway, '/metrics', { headers });
      return /^promweave_access_last_reload_successful\{file="web_config"\} (.*)$/m.exec(text)?.[1];
    };
    assert.equal(await statusOf(CAROL), 401);
    write('web.yml', usersOf({ carol: USERS.carol }));
    await until('carol is known', 20_000, async () => (await statusOf(CAROL)) === 200);
    assert.equal(await statusOf(DAVE), 401);
    assert.equal(await inForce(CAROL), '1');
    write('web.yml', 'basic_auth_users: { eve: nohash }');
    await until('the file is found to be wrong', 20_000, async () => (await inForce(CAROL)) === '0');
    write('web.yml', `tls_server_config: { ${PAIR} }\n${usersOf(USERS)}`);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.equal(await inForce(CAROL), '0', 'TLS is not switched on while it runs');
    write('web.yml', usersOf(USERS));
    await until('the file is right again', 20_000, async () => (await inForce(CAROL)) === '1');
    assert.equal(await statusOf(DAVE), 200);
  });

  it('come with the swapped links of a ConfigMap', async (t) => {
    const { folder } = folderOf(t);
    const version = (name: string, text: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'web.yml'), text);
      symlinkSync(name, join(folder, '..tmp'));
      renameSync(join(folder, '..tmp'), join(folder, '..data'));
    };
    version('..1', usersOf({ dave: USERS.dave }));
    symlinkSync('..data/web.yml', join(folder, 'web.yml'));
    const gateway = await startTestGateway([], { 'http.config_file': join(folder, 'web.yml') });
    t.after(() => gateway.close(0));
    assert.equal((await get(gateway, '/-/healthy', { headers: CAROL })).status, 401);
    version('..2', usersOf({ carol: USERS.carol }));
    await until(
      'carol is known',
      20_000,
      async () => (await get(gateway, '/-/healthy', { headers: CAROL })).status === 200,
    );
  });

  it('stand beside headers and a limit on the rate of requests', async (t) => {
    const { gateway } = await gatewayWithWeb(
      t,
      `${usersOf(USERS)}http_server_config: { headers: { X-Frame-Options: sameorigin, Content-Security-Policy: "default-src 'self'" } }\nrate_limit: { interval: 1h, burst: 3 }`,
    );
    const answers = [];
    for (const headers of [DAVE, {}, DAVE, DAVE]) answers.push(await get(gateway, '/-/healthy', { headers }));
    assert.deepEqual(
      answers.map(({ status, text, headers }) => [
        status,
        text,
        headers['x-frame-options'],
        headers['content-security-policy'],
      ]),
      [
        [200, 'promweave is healthy.\n', 'sameorigin', "default-src 'self'"],
        [401, 'Unauthorized\n', 'sameorigin', "default-src 'self'"],
        [200, 'promweave is healthy.\n', 'sameorigin', "default-src 'self'"],
        [429, 'Too Many Requests\n', 'deny', undefined],
      ],
    );
  });

  it('are refused at the start where a file cannot be used', async (t) => {
    await assert.rejects(
      gatewayWithWeb(t, 'basic_auth_users: { eve: nohash }'),
      /web\.yml:1: basic_auth_users\.eve: is no bcrypt hash/,
    );
    await assert.rejects(
      startTestGateway([], { 'http.config_file': '/nope.yml' }),
      /cannot read \/nope\.yml/,
    );
  });
});
