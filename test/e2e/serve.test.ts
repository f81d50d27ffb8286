import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { startProcess, type RunningProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

async function serve(...args: readonly string[]): Promise<RunningProcess> {
  const usual = ['--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0', '--http-shutdown-delay=0s'];
  return startProcess(process.execPath, ['src/main.ts', 'serve', ...usual, ...args]);
}

test('SIGHUP ends nothing, also where there is no file to read again, SIGTERM ends it', async (t) => {
  const running = await serve();
  t.after(async () => running.stop('SIGKILL'));
  await until('it listens', 30_000, async () => running.output().includes('msg=listening'));
  running.child.kill('SIGHUP');
  await until('it says what became of the signal', 10_000, async () =>
    running.output().includes('cause=SIGHUP'),
  );
  assert.equal(await running.stop('SIGTERM'), 0);
});

test('SIGTERM ends a start that waits for an endpoint which hangs', async (t) => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const running = await serve(`--endpoint=http://127.0.0.1:${port}`);
  t.after(async () => running.stop('SIGKILL'));
  await until('it asked the endpoint', 30_000, async () => sockets.size > 0);
  assert.equal(await running.stop('SIGTERM'), 0);
  assert.doesNotMatch(running.output(), /endpoint is down/);
});

test('a mistake of its own at the start ends the process, and tells where it is', async (t) => {
  // What is imported by name afterwards is the changed one.
  const sabotage = `import http from 'node:http'; import { syncBuiltinESMExports } from 'node:module';
    http.createServer = () => { throw new TypeError('sabotaged'); }; syncBuiltinESMExports();`;
  const running = await startProcess(process.execPath, [
    `--import=data:text/javascript,${encodeURIComponent(sabotage)}`,
    'src/main.ts',
    'serve',
    '--http-address=127.0.0.1:0',
    '--grpc-address=127.0.0.1:0',
    // It would keep the process alive.
    '--endpoint=http://127.0.0.1:1',
  ]);
  t.after(async () => running.stop('SIGKILL'));
  await until('it ended', 30_000, async () => running.child.exitCode !== null);
  assert.equal(running.child.exitCode, 1);
  assert.match(running.output(), /TypeError: sabotaged\n +at /);
  assert.doesNotMatch(running.output(), /msg=listening/);
});

test('a file that is no flag is not taken for nothing', async (t) => {
  const running = await serve('promweave.yml');
  t.after(async () => running.stop('SIGKILL'));
  await until('it ended', 30_000, async () => running.child.exitCode !== null);
  assert.equal(running.child.exitCode, 1);
  assert.match(running.output(), /for a file write --config=promweave\.yml/);
});

for (const [protocol, flag] of [
  ['HTTP', '--http-address'],
  ['gRPC', '--grpc-address'],
])
  test(`an address for ${protocol} that another program has is told in one line`, async (t) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const running = await serve(
      `${flag}=127.0.0.1:${port}`,
      '--endpoint=http://127.0.0.1:1',
      '--log.level=error',
    );
    t.after(async () => running.stop('SIGKILL'));
    await once(running.child, 'close');
    assert.deepEqual(
      [running.child.exitCode, running.output()],
      [
        1,
        `cannot listen for ${protocol} on 127.0.0.1:${port}: another program listens there already; ` +
          `choose another address with ${flag}\n`,
      ],
    );
  });

test('the log says once that the gateway listens, whatever the number of addresses', async (t) => {
  const running = await serve('--http-address=0.0.0.0:0', '--endpoint=http://127.0.0.1:1');
  t.after(async () => running.stop('SIGKILL'));
  await until('it listens', 30_000, async () => running.output().includes('msg=listening'));
  assert.equal(running.output().match(/listening/gi)?.length, 1, running.output());
});
