import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from '../../src/cli/command.ts';
import { checkConfig } from '../../src/cli/commands/check-config.ts';
import { SERVICE_ACCOUNT } from '../../src/config/discovery-schema.ts';
import { runCli } from '../../src/cli/run.ts';

async function run(args: readonly string[], commands: readonly Command[] = [checkConfig]) {
  let out = '';
  let error = '';
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (error += text),
    stop: new AbortController().signal,
  };
  const code = await runCli(args, commands, terminal, '1.2.3');
  return { code, out, error };
}

test('without a command the overview is shown and the exit code is 1', async () => {
  const { code, out } = await run([]);
  assert.equal(code, 1);
  assert.match(out, /Usage: promweave COMMAND/);
});

test('--version prints the version', async () => {
  assert.deepEqual(await run(['--version']), { code: 0, out: 'promweave 1.2.3\n', error: '' });
});

test('an unknown command is named', async () => {
  const { code, error } = await run(['server']);
  assert.equal(code, 1);
  assert.match(error, /unknown command "server"/);
});

test('check-config says that a file is fine', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pw.yaml');
  writeFileSync(file, 'endpoints: [{ address: "http://a:9090" }]\n');
  const { code, out } = await run(['check-config', file]);
  assert.deepEqual([code, out], [0, `${file} is fine: 1 endpoint.\n`]);
});

test('check-config prints the problems of a file and fails', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pw.yaml');
  writeFileSync(file, 'log: { level: loud }\n');
  const { code, error } = await run(['check-config', file]);
  assert.deepEqual([code, error], [1, `${file}:1: log.level: must be one of debug, info, warn, error\n`]);
});

test('check-config says where in the file something is that only a start would find', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pw.yaml');
  writeFileSync(
    file,
    'enable_features: [nope]\nendpoints:\n  - address: sidecar\n    bearer_token_file: /none/token\n' +
      'http:\n  cors_origin: "https?://(a"\ntenancy:\n  enforce: true\n  tenants:\n    a: "{a!=\\"b\\"}"\n',
  );
  const { code, error } = await run(['check-config', file]);
  assert.equal(code, 1);
  const places = error
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(file.length).split(' ')[0]);
  assert.deepEqual(places, [':1:', ':3:', ':4:', ':6:', ':10:']);
  assert.match(
    error,
    /:4: endpoints\[0\]\.bearer_token_file: cannot read \/none\/token: there is no such file/,
  );
  assert.match(error, /:6: http\.cors_origin: .*missing closing \)/);
  assert.match(error, /:10: tenancy\.tenants\.a: .* selects series without any of its labels/);
});

test('check-config warns of a file that names no endpoint', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pw.yaml');
  for (const [text, warning] of [
    [
      '',
      `${file}: no endpoints: every answer will be empty; name some with --endpoint, or under endpoints or discovery\n`,
    ],
    ['discovery: { files: [/etc/sd/*.yml] }\n', ''],
  ] as const) {
    writeFileSync(file, text);
    assert.deepEqual(await run(['check-config', file]), {
      code: 0,
      out: `${file} is fine: 0 endpoints.\n`,
      error: warning,
    });
  }
});

test(
  'check-config takes the configuration of pods outside of them, and says what it could not check',
  { skip: existsSync(SERVICE_ACCOUNT) },
  async (t) => {
    const { KUBERNETES_SERVICE_HOST: host } = process.env;
    delete process.env['KUBERNETES_SERVICE_HOST'];
    t.after(() => {
      if (host !== undefined) process.env['KUBERNETES_SERVICE_HOST'] = host;
    });
    const file = 'deploy/kubernetes/promweave.yml';
    const { code, out, error } = await run(['check-config', file]);
    assert.deepEqual([code, out], [0, `${file} is fine: 0 endpoints.\n`]);
    assert.equal(
      error,
      `${file}: ${SERVICE_ACCOUNT}/token and ${SERVICE_ACCOUNT}/ca.crt were not checked: ` +
        'Kubernetes puts files of the service account into pods alone, and this is none\n',
    );
  },
);

test('check-config names a file that is not there', async () => {
  const { code, error } = await run(['check-config', '/nowhere/pw.yaml']);
  assert.equal(code, 1);
  assert.match(error, /^cannot read \/nowhere\/pw\.yaml: there is no such file\n$/);
});

test('every command explains itself with --help', async () => {
  const { code, out } = await run(['check-config', '--help']);
  assert.equal(code, 0);
  assert.match(out, /Usage: promweave check-config FILE/);
});
