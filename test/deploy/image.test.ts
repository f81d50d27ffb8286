import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Client, credentials } from '@grpc/grpc-js';
import { build, EXTERNAL_PACKAGES } from '../../scripts/build.ts';
import { PROGRAM_FILES } from '../../scripts/program-files.ts';
import type { StoresJson } from '../../src/http/api/stores.ts';
import { LONG_YAML } from '../../src/model/own-thread.ts';
import { decodeReflectionResponse, encodeReflectionRequest } from '../../src/wire/grpc/reflection.ts';
import { ThreadPool } from '../../src/select/offload/thread-pool.ts';
import { converse } from '../grpc/support.ts';
import { taskOf } from '../select/offload/support.ts';
import { callApi, queryInstant } from '../support/api-client.ts';
import { runProgram, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

/** What the second stage of the Dockerfile takes from the first: paths below the checkout, and where they go. */
function copies(): readonly { readonly from: string; readonly to: string }[] {
  const lines = readFileSync('deploy/Dockerfile', 'utf8').matchAll(
    /^COPY --from=build \/build\/(?<from>\S+) (?<to>\S+)$/gm,
  );
  return Array.from(lines, ({ groups }) => ({ from: groups!['from']!, to: groups!['to']! }));
}

/** The program as the Dockerfile lays it out, away from the checkout and its packages. */
describe('the files of the image', () => {
  const image = mkdtempSync(join(tmpdir(), 'promweave-image-'));
  const main = join('dist', 'main.js');

  before(async () => {
    await build(join(image, 'dist'));
    for (const { from, to } of copies()) {
      if (from === 'dist') continue;
      const target = to.endsWith('/') ? join(image, to, from) : join(image, to);
      cpSync(from, target, { recursive: true, dereference: true });
    }
  });

  test('the packages hold what the image holds', () => {
    assert.deepEqual(
      copies().map(({ from }) => from),
      [...PROGRAM_FILES, 'dist', 'dist-page'],
    );
  });

  after(() => rmSync(image, { recursive: true, force: true }));

  test('the version is that of the package, and no library is loaded to say it', async (t) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    const { code, output, modules } = await runProgram(t, main, ['--version'], { cwd: image });
    assert.deepEqual([code, output], [0, `promweave ${version}\n`]);
    assert.deepEqual(modules.packages, []);
    const bytes = modules.files.map((file) => readFileSync(join(image, file)).length);
    assert.ok(Math.max(...bytes) < 100_000, `${modules.files.join(', ')}: ${bytes.join(', ')} bytes`);
  });

  test('a thread starts beside the program that starts it by its path', async (t) => {
    const pool = new ThreadPool(
      1,
      () => undefined,
      () => new Worker(join(image, 'dist', 'chunks', 'row-thread.js')),
    );
    t.after(() => pool.close());
    const { values } = await pool.answer(taskOf(1000, 7), new AbortController());
    assert.deepEqual([...values], [7]);
  });

  test('a gateway starts from a few files, answers queries, and tells its services from their files', async (t) => {
    const program = await startProgram(
      t,
      main,
      ['serve', '--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0', '--endpoint=http://127.0.0.1:1'],
      { cwd: image },
    );
    await until('it listens', 30_000, async () => program.output().includes('msg=listening'));
    const { url, grpc } = /url=(?<url>\S+) grpc=(?<grpc>\S+)/.exec(program.output())!.groups!;
    const { data } = await queryInstant(url!, 'label_replace(vector(2), "a", "b", "", "")');
    assert.deepEqual(
      data.result.map(({ metric, value }) => [metric, value[1]]),
      [[{ a: 'b' }, '2']],
    );
    assert.ok((await servicesOf(grpc!)).includes('thanos.Store'));
    assert.equal(await program.stop('SIGINT'), 0, program.output());
    const { files, packages } = await program.ended();
    assert.deepEqual(
      packages.filter((name) => !name.startsWith('@napi-rs/snappy-')),
      ['snappy'],
    );
    assert.ok(files.length <= 36, files.join('\n'));
  });

  test('long lists and configurations are read by threads that are beside the program', async (t) => {
    const padding = '# so that it is long\n'.repeat(LONG_YAML / 16);
    const [config, list] = ['p.yml', 'list.yml'].map((name) => join(image, name)) as [string, string];
    const write = (timeout: string): void =>
      writeFileSync(config, `${padding}query: { timeout: ${timeout} }\ndiscovery: { files: [list.yml] }\n`);
    write('7s');
    writeFileSync(list, `${padding}- targets: [http://127.0.0.1:1]\n`);
    const program = await startProgram(
      t,
      main,
      [
        'serve',
        '--http-address=127.0.0.1:0',
        '--grpc-address=127.0.0.1:0',
        '--config=p.yml',
        '--web.enable-lifecycle',
      ],
      { cwd: image },
    );
    await until('it listens', 30_000, async () => program.output().includes('msg=listening'));
    const { url } = /url=(?<url>\S+)/.exec(program.output())!.groups!;
    const { data } = await callApi<StoresJson>(url!, 'stores', {});
    assert.match(JSON.stringify(data), /127\.0\.0\.1:1"/);
    write('9s');
    const reloaded = await fetch(`${url}/-/reload`, { method: 'POST' });
    assert.equal(reloaded.status, 200, await reloaded.text());
    const { data: status } = await callApi<{ readonly yaml: string }>(url!, 'status/config', {});
    assert.match(status.yaml, /timeout: 9s/);
    assert.equal(await program.stop('SIGINT'), 0, program.output());
    for (const name of ['list-thread', 'config-thread'])
      assert.ok(existsSync(join(image, 'dist', 'chunks', `${name}.js`)), name);
  });

  test('a Node that is too old gets one sentence, and nothing is loaded that it may not know', async (t) => {
    const old = join(image, 'old-node.mjs');
    writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '20.11.0' });\n");
    const { code, output, modules } = await runProgram(t, main, ['--version'], {
      cwd: image,
      env: { NODE_OPTIONS: `--import=${old}` },
    });
    assert.equal(code, 1);
    assert.match(output, /^promweave needs Node \S+ or newer, and this is Node 20\.11\.0; [^\n]+\n$/);
    assert.deepEqual(
      modules.files.filter((file) => file.endsWith('.js')),
      ['dist/chunks/package.js', main],
    );
    const text = readFileSync(join(image, main), 'utf8');
    assert.doesNotMatch(text, /node:|\?\?|\?\.|^(?:const .* = )?await /m, 'an old Node cannot read it');
  });

  test('source maps lead from the program to the sources', () => {
    const program = join('dist', 'chunks', 'main.js');
    const lines = readFileSync(join(image, program), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.startsWith('async function runCli('));
    const map = JSON.parse(readFileSync(join(image, `${program}.map`), 'utf8')) as SourceMapPayload;
    const entry = new SourceMap(map).findEntry(line, 0);
    assert.ok('originalSource' in entry, `line ${line} of ${lines.length} is not on the map`);
    assert.match(entry.originalSource, /src\/cli\/run\.ts$/);
    assert.match(
      readFileSync('src/cli/run.ts', 'utf8').split('\n')[entry.originalLine]!,
      /^export async function runCli\(/,
    );
  });

  test('the licenses of what it holds come with it', () => {
    const texts = readFileSync(join(image, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    for (const [name, version] of Object.entries(dependencies)) {
      if (EXTERNAL_PACKAGES.includes(name)) {
        assert.ok(existsSync(join(image, 'node_modules', name, 'LICENSE')), name);
        continue;
      }
      const section = texts.split(/^=+$/m).find((text) => text.startsWith(`\n${name} ${version}: `));
      assert.ok(section !== undefined && section.length > 500, `${name}: ${section}`);
    }
  });
});

async function servicesOf(address: string): Promise<readonly string[]> {
  const client = new Client(address, credentials.createInsecure());
  try {
    const request = {
      host: '',
      fileByFilename: undefined,
      fileContainingSymbol: undefined,
      listServices: '',
    };
    const [answer] = await converse(client, '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', [
      encodeReflectionRequest(request),
    ]);
    return decodeReflectionResponse(answer!).services!.service.map(({ name }) => name);
  } finally {
    client.close();
  }
}
