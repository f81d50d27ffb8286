import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { request } from 'undici';
import { startFakePrometheus, streamed } from '../support/fake-prometheus.ts';
import { gatewayPlace, isReady, startServeAt } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

interface Running {
  readonly url: string;
  readonly file: string;
  readonly output: () => string;
  readonly hangUp: () => void;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-reload-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function prometheus(t: TestContext): Promise<string> {
  const server = await startFakePrometheus({ '/api/v1/read': streamed() }, `    cluster: eu`);
  t.after(() => server.close());
  return server.url;
}

async function startWith(t: TestContext, file: string, ...args: readonly string[]): Promise<Running> {
  const place = await gatewayPlace();
  const running = await startServeAt(t, place, [`--config=${file}`, '--query.threads=0', ...args]);
  await until('it is ready', 60_000, () => isReady(place.url));
  return {
    url: place.url,
    file,
    output: () => running.output(),
    hangUp: () => void running.child.kill('SIGHUP'),
  };
}

const endpointsYaml = (...urls: readonly string[]): string =>
  `endpoints:\n${urls.map((url) => `  - address: ${url}\n`).join('')}`;

/** Addresses of the endpoints that the gateway has. */
async function endpointsOf({ url }: Running): Promise<readonly string[]> {
  const { body } = await request(`${url}/metrics`);
  return [...(await body.text()).matchAll(/^promweave_endpoint_up\{endpoint="(\S+)"\} 1$/gm)].map(
    ([, id]) => id!,
  );
}

async function hasEndpoints(running: Running, ...expected: readonly string[]): Promise<boolean> {
  return (await endpointsOf(running)).join() === expected.join();
}

test('SIGHUP has the file read again', async (t) => {
  const [a, b] = [await prometheus(t), await prometheus(t)];
  const file = join(folderOf(t), 'promweave.yml');
  writeFileSync(file, endpointsYaml(a));
  const running = await startWith(t, file);
  writeFileSync(file, endpointsYaml(a, b));
  running.hangUp();
  await until('it has both', 10_000, () => hasEndpoints(running, a, b));
  assert.match(
    running.output(),
    /cause=SIGHUP generation=2 added=\S+ msg="the configuration was read again"/,
  );
});

test('a link of a ConfigMap that is swapped has the file read again', async (t) => {
  const [a, b] = [await prometheus(t), await prometheus(t)];
  const folder = folderOf(t);
  const version = (name: string, text: string): void => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'promweave.yml'), text);
    symlinkSync(name, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  version('..1', endpointsYaml(a));
  symlinkSync(join('..data', 'promweave.yml'), join(folder, 'promweave.yml'));
  const running = await startWith(t, join(folder, 'promweave.yml'));
  version('..2', endpointsYaml(b));
  rmSync(join(folder, '..1'), { recursive: true });
  await until('it has the new one', 10_000, () => hasEndpoints(running, b));
  assert.match(running.output(), /cause="its files changed" generation=2/);
});

test('a file that an editor replaced, and that is wrong, changes nothing and is told, until it is right again', async (t) => {
  const [a, b] = [await prometheus(t), await prometheus(t)];
  const folder = folderOf(t);
  const file = join(folder, 'promweave.yml');
  const save = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  save(endpointsYaml(a));
  const running = await startWith(t, file);
  const successful = async (): Promise<string | undefined> => {
    const { body } = await request(`${running.url}/metrics`);
    return /^promweave_config_last_reload_successful (\d)$/m.exec(await body.text())?.[1];
  };
  save('endpoints: 7\n');
  await until('it says so', 10_000, async () => running.output().includes('the former one stays in force'));
  assert.equal(await successful(), '0');
  assert.ok(await hasEndpoints(running, a));
  assert.match(running.output(), /reason="\S+promweave\.yml:1: endpoints: /);
  save(`${endpointsYaml(b)}    bearer_token_file: token\n`);
  await until('the secret is missed', 10_000, async () => running.output().includes('cannot read'));
  assert.ok(await hasEndpoints(running, a));
  writeFileSync(join(folder, 'token'), 'secret');
  await until('it has the new one', 10_000, () => hasEndpoints(running, b));
  assert.equal(await successful(), '1');
});

test('origins and the configuration that is shown change at once, and a pattern that is none changes nothing', async (t) => {
  const a = await prometheus(t);
  const file = join(folderOf(t), 'promweave.yml');
  const writeOrigin = (origin: string): void =>
    writeFileSync(file, `${endpointsYaml(a)}http: { enable_lifecycle: true, cors_origin: '${origin}' }\n`);
  writeOrigin('http://a');
  const running = await startWith(t, file);
  const reload = async (): Promise<string> =>
    (await request(`${running.url}/-/reload`, { method: 'POST' })).body.text();
  const shown = async (): Promise<readonly unknown[]> => {
    const { headers, body } = await request(`${running.url}/api/v1/status/config`, {
      headers: { origin: 'http://b' },
    });
    const { data } = (await body.json()) as { readonly data: { readonly yaml: string } };
    return [headers['access-control-allow-origin'], /cors_origin: (.*)/.exec(data.yaml)?.[1]];
  };
  assert.deepEqual(await shown(), [undefined, 'http://a']);
  writeOrigin('http://b');
  await reload();
  assert.deepEqual(await shown(), ['http://b', 'http://b']);
  writeOrigin('http://(');
  assert.match(await reload(), /http\.cors_origin \(--web\.cors\.origin\) is no pattern of origins/);
  assert.deepEqual(await shown(), ['http://b', 'http://b']);
});

test('a reload over HTTP answers what is wrong, and what needs a restart', async (t) => {
  const a = await prometheus(t);
  const file = join(folderOf(t), 'promweave.yml');
  writeFileSync(file, endpointsYaml(a));
  const running = await startWith(t, file, '--web.enable-lifecycle');
  const reload = async (): Promise<readonly [number, string]> => {
    const { statusCode, body } = await request(`${running.url}/-/reload`, { method: 'POST' });
    return [statusCode, await body.text()];
  };
  assert.deepEqual(await reload(), [200, 'promweave read its configuration again\n']);
  writeFileSync(file, `${endpointsYaml(a)}query: { timeout: soon }\n`);
  const [status, text] = await reload();
  assert.equal(status, 500);
  assert.match(text, /promweave\.yml:3: query\.timeout: /);
  writeFileSync(
    file,
    `${endpointsYaml(a)}http: { max_connections: 7 }\nquery: { timeout: 77s }\nlog: { level: debug }\n`,
  );
  assert.deepEqual(await reload(), [
    200,
    'promweave read its configuration again\n' +
      'http.max_connections was changed, but keeps its value until the gateway is restarted\n',
  ]);
  const { body } = await request(`${running.url}/api/v1/status/flags`);
  const { data } = (await body.json()) as { readonly data: Readonly<Record<string, string>> };
  assert.deepEqual(
    ['web.max-connections', 'query.timeout', 'log.level'].map((name) => data[name]),
    ['512', '1m17s', 'debug'],
  );
});
