import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import { startDemo } from '../../../src/demo/start-demo.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { CERTIFICATES } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { memoryServer } from '../../support/memory-server.ts';
import { tenantedOptions } from '../../e2e/tenancy/support.ts';
import { runExplain } from './support.ts';

async function failure(...args: readonly string[]): Promise<string> {
  const { code, out, error } = await runExplain(args);
  assert.deepEqual([code, out], [1, '']);
  return error;
}

/** A server that answers everything with the status and the text. */
async function serving(t: TestContext, status: number, text: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('where no gateway answers, the sentence says what to do', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  assert.equal(
    await failure('up', `--url=${url}`),
    `no gateway answers at ${url} (connect ECONNREFUSED ${url.slice(7)}); start one with "promweave serve", name ` +
      'another with --url, or name endpoints with --endpoint or --config\n',
  );
});

test('a server of another kind is told from a gateway', async (t) => {
  for (const [status, text] of [
    [404, '404 page not found\n'],
    [200, '{}'],
    [200, 'null'],
  ] as const) {
    const url = await serving(t, status, text);
    assert.equal(
      await failure('up', `--url=${url}`),
      `${url} answered /api/v1/explain with status ${status} and no explanation: is it a promweave?\n`,
    );
  }
});

test('a gateway with tenants is asked as an administrator by a header', async (t) => {
  const server = createPromqlServer(tenantedOptions('keep to matchers'));
  t.after(() => server.close());
  const url = `--url=${await server.listen({ host: '127.0.0.1', port: 0 })}`;
  assert.match(await failure('up', url), /refused: the request names no tenant/);
  assert.match(
    await failure('up', url, '--header=THANOS-TENANT:a'),
    /refused: this call .* for administrators/,
  );
  const { code } = await runExplain(['up', url, '--header=THANOS-TENANT: ops']);
  assert.equal(code, 0);
  assert.match(await failure('up', url, '--header=ops'), /--header takes a name and a value/);
  const several = await runExplain(['up', url, '--header=X-Seen:a, b', '--header=THANOS-TENANT:ops']);
  assert.equal(several.code, 0);
});

test('a gateway that asks who one is, is told by a header, and never by the address', async (t) => {
  const server = createServer(({ headers }, response) => {
    const isKnown = headers.authorization === 'Bearer a,b';
    response.writeHead(isKnown ? 200 : 401, { 'WWW-Authenticate': 'Basic' }).end('{}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal(
    await failure('up', `--url=http://127.0.0.1:${port}`),
    `http://127.0.0.1:${port} asks who you are; show it with --header, such as --header="Authorization: Bearer TOKEN"\n`,
  );
  assert.match(
    await failure('up', `--url=http://127.0.0.1:${port}`, '--header=Authorization:Bearer a,b'),
    /status 200 and no explanation/,
  );
  assert.match(
    await failure('up', `--url=http://grafana:hunter2@127.0.0.1:${port}`),
    /^--url takes no user and no password; show it with --header/,
  );
});

test('a certificate that nobody known signed is told, with where to name who signed it', async (t) => {
  const server = createSecureServer(CERTIFICATES.server, (_request, response) => response.end('{}'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.match(
    await failure('up', `--url=https://127.0.0.1:${port}`),
    /signed by no authority that is known here; NODE_EXTRA_CA_CERTS names a file with one\)/,
  );
});

test('what the gateway refuses is passed on', async (t) => {
  const server = memoryServer([]);
  t.after(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  assert.match(await failure('up{', `--url=${url}`), /refused: invalid parameter "query": 1:4: parse error/);
  assert.match(
    await failure('up', `--url=${url}`, '--deduplication.func=best'),
    /unknown deduplication "best"/,
  );
});

test('command lines that contradict themselves are refused', async () => {
  assert.match(await failure('up', '--start=1'), /takes --start, --end and --step together/);
  assert.match(await failure('up', '--start=1', '--end=2', '--step=1', '--time=2'), /--time is for instant/);
  assert.match(
    await failure('up', '--url=http://a', '--endpoint=http://b'),
    /leave out --config and --endpoint/,
  );
  assert.match(await failure('up', '--url=nowhere'), /--url takes an address such as/);
  assert.match(await failure(), /^Usage: promweave explain 'QUERY' \[FLAGS\]/);
  assert.match(await failure('up', 'down'), /^Usage: promweave explain/);
});

test('--help shows the flags', async () => {
  const { code, out } = await runExplain(['--help']);
  assert.equal(code, 0);
  for (const flag of ['--url', '--time', '--start', '--endpoint', '--config', '--deduplication.func'])
    assert.ok(out.includes(flag), flag);
});

test('a gateway over the demo is explained, and so are its servers without one', async (t) => {
  const demo = await startDemo(
    { http: '127.0.0.1:0', grpc: '127.0.0.1:0' },
    'test',
    createLogger({ level: 'error', format: 'logfmt' }),
  );
  t.after(() => demo.close());
  const time = `--time=${Date.now() / 1000 - 3600}`;
  const query = 'sum(rate(http_requests_total{shard="eu"}[5m]))';
  const over = await runExplain([query, time, `--url=${demo.gateway.url}`]);
  const endpoints = demo.replicas.map(({ url }) => `--endpoint=${url}`);
  const local = await runExplain([query, time, ...endpoints]);
  for (const { code, out, error } of [over, local]) {
    assert.deepEqual([code, error], [0, '']);
    assert.match(out, /shard \{cluster="demo", shard="eu"\}\n {4}a {2}http:.* up, remote-read-chunks\n/);
    assert.match(out, /not asked: its label shard="us" does not match shard="eu"/);
    assert.match(out, /\n {2}27 series: /);
    assert.match(out, /not shown: 22 series/);
  }
  // How long a time is written decides where its line is broken.
  const withoutTimes = (text: string): string =>
    text.replaceAll(/\s+/g, ' ').replaceAll(/ in [\d.]+ ms/g, '');
  assert.equal(withoutTimes(over.out), withoutTimes(local.out));
});

test('a configuration is explained beside the gateway that serves it, whatever clients have to show there', async (t) => {
  const running = memoryServer([]);
  t.after(() => running.close());
  const { port } = new URL(await running.listen({ host: '127.0.0.1', port: 0 }));
  const folder = mkdtempSync(join(tmpdir(), 'promweave-explain-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { cert, key } = CERTIFICATES.server;
  const files = {
    'server.crt': cert,
    'server.key': key,
    'web.yml': 'tls_server_config: { cert_file: server.crt, key_file: server.key }',
    'tokens.yml': 'grafana: 0123456789abcdef',
    'promweave.yml': `endpoints: [{ address: 'http://127.0.0.1:${port}', external_labels: { shard: eu } }]
http: { address: '127.0.0.1:${port}', admin_address: '127.0.0.1:${port}', config_file: web.yml, external_url: http://a/prometheus }
access: { tokens_file: tokens.yml }
query: { log_file: queries.log }
tenancy: { enforce: true }
`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { code, out, error } = await runExplain(['up', `--config=${join(folder, 'promweave.yml')}`]);
  assert.deepEqual([code, error], [0, '']);
  assert.match(out, /shard \{shard="eu"\}/);
  assert.ok(!existsSync(join(folder, 'queries.log')));
});
