import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { forgivenProblems, startProblems } from '../../src/app/config-problems.ts';
import type { Problem } from '../../src/config/problem.ts';
import { loadConfig } from '../../src/config/load.ts';

type Check = (config: ReturnType<typeof loadConfig>) => readonly Problem[];

function found(check: Check, text: string): readonly string[] {
  return check(loadConfig({ file: 'pw.yml', text })).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

function fileOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');
  writeFileSync(file, text);
  return file;
}

test('every file of secrets and certificates that is not there is named', () => {
  const endpoint = (settings: string): string => `  - { address: "https://a:1", ${settings} }\n`;
  const text =
    `endpoints:\n${endpoint('bearer_token_file: /none/token')}` +
    endpoint('basic_auth: { username: me, password_file: /none/password }') +
    endpoint('tls: { ca_file: /none/ca }') +
    'grpc: { tls: { cert_file: /none/cert, key_file: /none/key } }\n' +
    'grpc_client: { tls: { ca_file: /none/client } }\n' +
    'discovery:\n' +
    '  files: [{ path: a.yml, endpoint: { bearer_token_file: /none/file } }]\n' +
    '  http: [{ url: "https://sd", tls: { ca_file: /none/sd }, endpoint: { bearer_token_file: /none/found } }]\n' +
    '  kubernetes: [{ label_selector: a=b, api_server: "https://k", bearer_token_file: /none/k8s }]\n';
  const missing = (key: string, file: string): string => `${key}: cannot read ${file}: there is no such file`;
  assert.deepEqual(found(startProblems, text), [
    missing('endpoints.0.bearer_token_file', '/none/token'),
    missing('endpoints.1.basic_auth.password_file', '/none/password'),
    missing('endpoints.2.tls', '/none/ca'),
    missing('discovery.files.0.endpoint.bearer_token_file', '/none/file'),
    missing('discovery.http.0.tls', '/none/sd'),
    missing('discovery.http.0.endpoint.bearer_token_file', '/none/found'),
    missing('discovery.kubernetes.0.bearer_token_file', '/none/k8s'),
    missing('grpc.tls', '/none/cert'),
    missing('grpc_client.tls', '/none/client'),
  ]);
});

test('a token in a file must be one that a header can carry, and is never shown', (t) => {
  for (const odd of ['S3CRET\r\nx', '\uFEFFS3\u{e9}CRET', 'S3CRET\0']) {
    const file = fileOf(t, odd);
    assert.deepEqual(found(startProblems, `endpoints: [{ address: "a:1", bearer_token_file: "${file}" }]`), [
      `endpoints.0.bearer_token_file: ${file} must hold one token: one line of printable ASCII`,
    ]);
  }
  const empty = fileOf(t, '\n');
  assert.match(
    found(startProblems, `endpoints: [{ address: "a:1", bearer_token_file: "${empty}" }]`)[0]!,
    /it is empty, so there is no secret in it$/,
  );
  const fine = fileOf(t, 'S3CRET\r\n');
  assert.deepEqual(found(startProblems, `endpoints: [{ address: "a:1", bearer_token_file: "${fine}" }]`), []);
});

test('a name that cannot be looked up is named with its key', () => {
  assert.match(
    found(startProblems, 'endpoints: [{ address: a:1 }, { address: dns+http://a }]')[0]!,
    /^endpoints\.1\.address: dns\+http:\/\/a needs a port/,
  );
});

test('an address of gRPC needs a port, and TLS a scheme that has it', () => {
  for (const address of ['sidecar', 'grpc://sidecar', 'grpcs://sidecar', 'sidecar:1/path'])
    assert.match(
      found(forgivenProblems, `endpoints: [{ address: "${address}" }]`).join(),
      /^endpoints\.0\.address: \S+ is no address; write http:\/\/host:port for a Prometheus/,
    );
  for (const address of [
    'http://prometheus',
    'https://prometheus/prefix',
    'a:1',
    'grpc://[::1]:1',
    'dnssrv+_grpc._tcp.a',
  ])
    assert.deepEqual(found(forgivenProblems, `endpoints: [{ address: "${address}" }]`), [], address);
  assert.match(
    found(
      forgivenProblems,
      'endpoints: [{ address: "grpc://a:1", tls: { insecure_skip_verify: true } }]',
    )[0]!,
    /^endpoints\.0\.tls: grpc:\/\/ is plain text/,
  );
});

test('features that nobody knows are named', () => {
  assert.match(
    found(forgivenProblems, 'enable_features: [promql-duration-expr, promql-at]').join('\n'),
    /^enable_features\.1: promql-at has no effect; known are promql-experimental-functions, .*$/,
  );
});

test('a query log that cannot be written is named, and one that can is not made', (t) => {
  const folder = dirname(fileOf(t, ''));
  const fresh = join(folder, 'new.log');
  assert.deepEqual(found(startProblems, `query: { log_file: "${fresh}" }`), []);
  assert.ok(!existsSync(fresh));
  for (const [file, why] of [
    [folder, /is a folder/],
    ['/none/query.log', /ENOENT/],
  ] as const) {
    const [problem] = found(startProblems, `query: { log_file: "${file}" }`);
    assert.match(problem!, /^query\.log_file: the query log .* cannot be written: /);
    assert.match(problem!, why);
  }
});

test('a certificate of the tracing configuration that is not there is named', () => {
  const text = JSON.stringify('type: OTLP\nconfig: { client_type: http, tls_config: { ca_file: /none/ca } }');
  assert.deepEqual(found(startProblems, `tracing: { config: ${text} }`), [
    'tracing.config: cannot read /none/ca: there is no such file',
  ]);
});

test('a server that is listed under two spellings of its address is named, and one that is another is not', () => {
  const beside = (address: string): readonly string[] =>
    found(forgivenProblems, `endpoints: [{ address: "http://a:1" }, { address: "${address}" }]`);
  for (const same of ['http://a:1/', 'http://A:1'])
    assert.deepEqual(beside(same), [
      `endpoints.1.address: ${same} is listed twice, in two spellings; each server counts once`,
    ]);
  for (const other of ['https://a:1', 'http://a:2', 'http://a:1/path', 'a:1', 'grpc://a:1'])
    assert.deepEqual(beside(other), [], other);
});
