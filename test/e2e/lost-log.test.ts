import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess, type RunningProcess, type Surroundings } from '../support/process.ts';
import { until } from '../support/until.ts';

interface Gateway {
  readonly url: string;
  readonly running: RunningProcess;
}

/** A gateway that logs each query. It is asked where it listens, since its log may be lost. */
async function start(t: TestContext, surroundings?: Surroundings): Promise<Gateway> {
  const port = await freePort();
  const running = await startProcess(
    process.execPath,
    [
      'src/main.ts',
      'serve',
      `--http-address=127.0.0.1:${port}`,
      '--grpc-address=127.0.0.1:0',
      '--endpoint=http://127.0.0.1:1',
      '--log.level=debug',
    ],
    undefined,
    surroundings,
  );
  t.after(async () => running.stop('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await until('it is ready', 30_000, async () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return { url, running };
}

async function dropped(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^promweave_log_lines_dropped_total (?<count>\d+)$/m.exec(text)?.groups?.['count']);
}

async function ask(url: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) assert.equal((await queryInstant(url, '1')).status, 'success');
}

test('a full disk behind standard error costs the log alone, and lines that are lost are counted', async (t) => {
  const full = openSync('/dev/full', 'w');
  const { url, running } = await start(t, { stderr: full });
  closeSync(full);
  const before = await dropped(url);
  assert.ok(before > 0, `${before} lines were lost at the start`);
  await ask(url, 20);
  assert.ok((await dropped(url)) >= before + 20);
  assert.equal(await running.stop(), 0);
});

test('a reader of the log that goes away does not end the gateway', async (t) => {
  const { url, running } = await start(t);
  assert.equal(await dropped(url), 0);
  running.child.stderr!.destroy();
  await ask(url, 20);
  assert.ok((await dropped(url)) >= 20);
  assert.equal(await running.stop(), 0);
});

test('output that cannot be written ends a command with a sentence', async (t) => {
  const shell = await startProcess('/bin/sh', ['-c', '"$NODE" src/main.ts --help >/dev/full'], undefined, {
    env: { NODE: process.execPath },
  });
  t.after(async () => shell.stop('SIGKILL'));
  await once(shell.child, 'close');
  assert.match(shell.output(), /^promweave: cannot write to standard output: ENOSPC[^\n]*\n$/);
  assert.equal(shell.child.exitCode, 1);
});

test('a reader of the output that goes away ends a command without a word', async (t) => {
  const running = await startProcess(process.execPath, ['src/main.ts', '--help']);
  t.after(async () => running.stop('SIGKILL'));
  running.child.stdout!.destroy();
  await once(running.child, 'close');
  assert.deepEqual([running.output(), running.child.exitCode], ['', 1]);
});
