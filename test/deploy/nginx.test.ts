import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

/** Instead of the two seconds of the file, so that a test need not wait for them. */
const RETRY_MS = 250;

/** A gateway that takes requests and breaks their connections, as one does that a query ends, after so many ms. */
async function breaking(t: TestContext, afterMs: number): Promise<{ readonly port: number; asked: number }> {
  const gateway = { port: 0, asked: 0 };
  const server = createServer((request) => {
    gateway.asked++;
    setTimeout(() => request.socket.destroy(), afterMs);
  });
  gateway.port = await listening(t, server);
  return gateway;
}

/** A gateway that answers. */
async function sound(t: TestContext): Promise<number> {
  return listening(
    t,
    createServer((_, response) => response.end('answered')),
  );
}

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The load balancer as it is deployed, over gateways at these ports. */
async function balancer(t: TestContext, first: number, second: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-nginx-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const text = readFileSync('deploy/nginx/nginx.conf', 'utf8')
    .replace('promweave-1:10902', `127.0.0.1:${first}`)
    .replace('promweave-2:10902', `127.0.0.1:${second}`)
    .replace('listen 10902', `listen 127.0.0.1:${port}`)
    .replace('proxy_next_upstream_timeout 2s', `proxy_next_upstream_timeout ${RETRY_MS}ms`)
    .replaceAll('/tmp/', `${folder}/`);
  assert.ok(text.includes(`${RETRY_MS}ms`), 'the time for a second try is bounded');
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, text);
  const args = ['-c', file, '-e', 'stderr', '-g', 'daemon off;'];
  const nginx = await startProcess('/usr/sbin/nginx', args, 'nginx-light');
  t.after(async () => nginx.stop());
  await until('nginx takes connections', 10_000, async () => takesConnections(port));
  return `http://127.0.0.1:${port}/api/v1/query`;
}

/** Asks nothing, so that it counts no failure of a gateway. */
async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const form = (): RequestInit => ({ method: 'POST', body: new URLSearchParams({ query: 'up' }) });

test('a query that ends a gateway is not sent to the other one by POST', async (t) => {
  const gateways = [await breaking(t, 0), await breaking(t, 0)];
  const url = await balancer(t, gateways[0]!.port, gateways[1]!.port);
  assert.equal((await fetch(url, form())).status, 502);
  assert.equal(gateways[0]!.asked + gateways[1]!.asked, 1);
});

test('a query that holds a gateway up before it ends it is not sent to the other one by GET', async (t) => {
  const gateways = [await breaking(t, 2 * RETRY_MS), await breaking(t, 2 * RETRY_MS)];
  const url = await balancer(t, gateways[0]!.port, gateways[1]!.port);
  assert.equal((await fetch(`${url}?query=up`)).status, 502);
  assert.equal(gateways[0]!.asked + gateways[1]!.asked, 1);
});

test('a gateway that does not run costs no request, by GET or by POST', async (t) => {
  const url = await balancer(t, await freePort(), await sound(t));
  for (const init of [undefined, form(), undefined, form()]) {
    const response = await fetch(url, init);
    assert.deepEqual([response.status, await response.text()], [200, 'answered']);
  }
});
