import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { Client, request } from 'undici';
import { openListeners, plainListener } from '../../../src/app/access/open-listeners.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { startProcess } from '../../support/process.ts';
import { folderOf } from './support.ts';

const ADMIN_PATHS = [
  '/metrics',
  '/api/v1/status/config',
  '/api/v1/status/flags',
  '/api/v1/status/runtimeinfo',
  '/api/v1/status/active_queries',
  '/api/v1/status/top_queries',
  '/api/v1/status/coverage',
  '/api/v1/stores',
];

async function statusOf(
  url: string,
  path: string,
  method: 'GET' | 'POST' | 'DELETE' = 'GET',
): Promise<number> {
  const answer = await request(url + path, { method });
  await answer.body.dump();
  return answer.statusCode;
}

describe('the admin address', () => {
  it('alone serves what is for those who run the gateway, and both serve health and queries', async (t) => {
    const gateway = await startTestGateway([], {
      'http.admin_address': '127.0.0.1:0',
      'http.enable_lifecycle': true,
    });
    t.after(() => gateway.close(0));
    const { url, adminUrl } = gateway;
    assert.notEqual(url, adminUrl);
    for (const path of ADMIN_PATHS) {
      assert.equal(await statusOf(url, path), 404, path);
      assert.equal(await statusOf(adminUrl, path), 200, path);
    }
    assert.equal(await statusOf(url, '/-/reload', 'POST'), 404);
    assert.equal(await statusOf(url, '/-/quit', 'POST'), 404);
    assert.equal(await statusOf(url, '/api/v1/status/active_queries/1', 'DELETE'), 404);
    assert.equal(await statusOf(adminUrl, '/-/reload', 'POST'), 200);
    for (const path of ['/-/healthy', '/-/ready', '/api/v1/query?query=1', '/api/v1/status/buildinfo']) {
      assert.equal(await statusOf(url, path), 200, path);
      assert.equal(await statusOf(adminUrl, path), 200, path);
    }
  });

  it('tells of the gateway without a tenant, and of data for tenants alone', async (t) => {
    const gateway = await startTestGateway([], {
      'http.admin_address': '127.0.0.1:0',
      'tenancy.enforce': true,
    });
    t.after(() => gateway.close(0));
    const { url, adminUrl } = gateway;
    for (const path of ADMIN_PATHS) assert.equal(await statusOf(adminUrl, path), 200, path);
    for (const each of [url, adminUrl]) assert.equal(await statusOf(each, '/api/v1/query?query=up'), 401);
  });

  it('is the same where none is said', async (t) => {
    const gateway = await startTestGateway([]);
    t.after(() => gateway.close(0));
    assert.equal(gateway.adminUrl, gateway.url);
    for (const path of ADMIN_PATHS) assert.equal(await statusOf(gateway.url, path), 200, path);
  });

  it('counts the requests of both in one metric', async (t) => {
    const gateway = await startTestGateway([], { 'http.admin_address': '127.0.0.1:0' });
    t.after(() => gateway.close(0));
    for (const url of [gateway.url, gateway.adminUrl]) assert.equal(await statusOf(url, '/-/healthy'), 200);
    const text = await (await request(`${gateway.adminUrl}/metrics`)).body.text();
    assert.match(text, /handler="\/-\/healthy"[^\n]*\} 2$/m);
  });
});

describe('a socket of Unix', () => {
  it('is listened on, goes with the gateway, and one that was left behind is no obstacle', async (t) => {
    const { folder } = folderOf(t);
    const path = join(folder, 'http.sock');
    const killed = await startProcess(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    await once(killed.child, 'exit');
    assert.ok(existsSync(path));
    const gateway = await startTestGateway([], { 'http.address': `unix:${path}` });
    assert.equal(gateway.url, `unix:${path}`);
    const client = new Client('http://localhost', { socketPath: path });
    const { body } = await client.request({ path: '/api/v1/query?query=1', method: 'GET' });
    assert.match(await body.text(), /"success"/);
    await client.close();
    await gateway.close(0);
    assert.ok(!existsSync(path));
  });

  it('of another program is not taken away', async (t) => {
    const { folder } = folderOf(t);
    const path = join(folder, 'other.sock');
    const other = createServer((socket) => socket.end()).listen(path);
    await once(other, 'listening');
    t.after(() => void other.close());
    await assert.rejects(
      startTestGateway([], { 'http.address': `unix:${path}` }),
      /cannot listen for HTTP on unix:.*other\.sock: another program listens there already/,
    );
    assert.ok(existsSync(path));
  });

  it('has an absolute path that is not too long, and none over gRPC', () => {
    const load = (key: string, value: string): unknown =>
      loadConfig(undefined, [{ path: key.split('.'), value, source: key }]);
    assert.throws(() => load('http.address', 'unix:a.sock'), /names no socket/);
    assert.throws(() => load('http.address', `unix:/${'a'.repeat(200)}`), /names no socket/);
    assert.throws(() => load('grpc.address', 'unix:/a.sock'), /is no address to listen on/);
  });
});

describe('listeners that everybody may ask', () => {
  const config = (text: string) => loadConfig({ file: 'p.yml', text });
  const NOT = { http: false, all: false };

  it('are named, unless they are on the loopback alone, or are guarded', () => {
    const usual = config('');
    assert.match(
      openListeners(usual, NOT)!,
      /^everybody who reaches HTTP on 0\.0\.0\.0:10902 and gRPC on 0\.0\.0\.0:10901 may ask/,
    );
    assert.match(openListeners(usual, { http: true, all: false })!, /^everybody who reaches gRPC on/);
    assert.equal(openListeners(usual, { http: true, all: true }), undefined);
    const local = 'http: { address: "127.0.0.9:1", admin_address: "unix:/a" }\ngrpc: { address: "[::1]:2" }';
    assert.equal(openListeners(config(local), NOT), undefined);
    const admin =
      'http: { address: "localhost:1", admin_address: "[::]:3" }\ngrpc: { address: "0.0.0.0:2", tls: { cert_file: a, key_file: b, client_ca_file: c } }';
    assert.match(openListeners(config(admin), NOT)!, /^everybody who reaches HTTP on \[::\]:3 may ask/);
  });
});

test('passwords over plain text are named where HTTP has TLS and gRPC has none', () => {
  const at = (address: string, more = '') =>
    loadConfig({ file: 'pw.yaml', text: `grpc:\n  address: ${address}\n${more}` });
  const open = at('0.0.0.0:10901');
  assert.match(plainListener(open, true, true) ?? '', /come to gRPC on 0\.0\.0\.0:10901 over plain text/);
  assert.equal(plainListener(open, false, true), undefined);
  assert.equal(plainListener(open, true, false), undefined);
  assert.equal(plainListener(at('127.0.0.1:10901'), true, true), undefined);
  const secure = at('0.0.0.0:10901', '  tls: { cert_file: a, key_file: b }\n');
  assert.equal(plainListener(secure, true, true), undefined);
});
