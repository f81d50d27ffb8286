import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

/** A mistake that the gateway does not have: on SIGUSR2 a promise fails that nobody waits for. */
const MISTAKE = `process.on('SIGUSR2', () => void Promise.reject(new Error('nobody waits for this')));`;

test('a promise that fails while nobody waits for it is logged with its stack, and ends nothing', async (t) => {
  const port = await freePort();
  const running = await startProcess(
    process.execPath,
    ['src/main.ts', 'serve', `--http-address=127.0.0.1:${port}`, '--grpc-address=127.0.0.1:0'],
    undefined,
    { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(MISTAKE)}` } },
  );
  t.after(async () => running.stop('SIGKILL'));
  await until('it listens', 30_000, async () => running.output().includes('msg=listening'));
  running.child.kill('SIGUSR2');
  await until('the log tells of it', 10_000, async () => running.output().includes('nobody waits for this'));
  assert.match(running.output(), /level=error [^\n]*a mistake of the gateway itself/);
  assert.match(running.output(), /at process/, 'the stack');
  assert.equal((await queryInstant(`http://127.0.0.1:${port}`, '1')).status, 'success');
  assert.equal(await running.stop(), 0);
});
