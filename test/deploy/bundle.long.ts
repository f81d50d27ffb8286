import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nodeProblem } from '../../src/cli/node-version.ts';
import { queryInstant } from '../support/api-client.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

/** What an installation without the tools of developers may take. */
const MAX_BYTES = 60 * 1024 * 1024;

function bytesBelow(folder: string): number {
  return globSync('**', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

describe('the tarball of npm pack, installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-bundle-'));
  const program = join(folder, 'node_modules', '.bin', 'promweave');

  before(() => {
    const npm = (...args: readonly string[]): string =>
      execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const [packed] = JSON.parse(
      npm('pack', '--json', '--silent', `--pack-destination=${folder}`),
    ) as readonly { readonly filename: string; readonly files: readonly { readonly path: string }[] }[];
    const outside = packed!.files.filter(
      ({ path }) =>
        !/^(dist|dist-page|proto)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
    );
    assert.deepEqual(outside, []);
    npm('install', `--prefix=${folder}`, '--prefer-offline', '--no-audit', join(folder, packed!.filename));
  });

  after(() => rmSync(folder, { recursive: true }));

  test('the program answers queries, and has its page and its services', async (t) => {
    const running = await startProcess(process.execPath, [
      program,
      'serve',
      '--http-address=127.0.0.1:0',
      '--grpc-address=127.0.0.1:0',
      '--http-shutdown-delay=0s',
      '--endpoint=http://127.0.0.1:1',
    ]);
    t.after(async () => running.stop('SIGKILL'));
    await until('it listens', 30_000, async () => running.output().includes('msg=listening'));
    const url = /url=(\S+)/.exec(running.output())![1]!;
    const { data } = await queryInstant(url, 'vector(2)');
    assert.equal(data.result[0]!.value[1], '2');
    const page = await (await fetch(`${url}/`, { headers: { accept: 'text/html' } })).text();
    const [script] = /assets\/[\w-]+\.js/.exec(page) ?? [];
    assert.equal((await fetch(`${url}/${script}`)).status, 200, page);
    assert.ok(globSync(join(folder, 'node_modules/promweave/proto/**/*.proto')).length > 5);
    assert.equal(await running.stop('SIGTERM'), 0, running.output());
  });

  test('it takes less than an installation may', (t) => {
    const bytes = bytesBelow(join(folder, 'node_modules'));
    t.diagnostic(`${(bytes / 2 ** 20).toFixed(1)} MiB`);
    assert.ok(bytes < MAX_BYTES, `${bytes} bytes`);
  });

  test('an older Node, where the system has one, says in one sentence which one is needed', (t) => {
    const old = '/usr/bin/node';
    const version = spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1) ?? '';
    if (version === '' || nodeProblem(version) === undefined) {
      t.skip(`left out: the Node of the system is ${version === '' ? 'not there' : version}`);
      return;
    }
    const { status, stderr } = spawnSync(old, [program, 'serve'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [1, `${nodeProblem(version)}\n`]);
  });
});

test('an installation without the tools of developers stays small', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-production-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(file, join(folder, file));
  execFileSync('npm', ['ci', '--omit=dev', '--prefer-offline'], { cwd: folder, stdio: 'ignore' });
  const bytes = bytesBelow(join(folder, 'node_modules'));
  t.diagnostic(`${(bytes / 2 ** 20).toFixed(1)} MiB`);
  assert.ok(bytes > 5_000_000 && bytes < MAX_BYTES, `${bytes} bytes`);
});
