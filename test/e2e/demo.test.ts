import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'node:test';
import type { ApiAnswer, InstantData, MatrixData } from '../support/api-client.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

/** Runs the curl commands that the demo prints, each as a shell would. */
async function runPrinted(output: string): Promise<readonly unknown[]> {
  const commands = output.replaceAll(/\\\n\s*/g, ' ').match(/^ {2}curl .*$/gm) ?? [];
  return Promise.all(
    commands.map(async (command) => {
      const { stdout } = await promisify(execFile)('bash', ['-c', command]);
      return JSON.parse(stdout) as unknown;
    }),
  );
}

/** Far above what is measured, and far below the grace that open requests have. */
const MOST_STOP_MS = 4000;

test('the demo answers the four commands that it prints, and Ctrl-C stops it at once', async (t) => {
  const address = `127.0.0.1:${await freePort()}`;
  const running = await startProcess(process.execPath, [
    'src/main.ts',
    'demo',
    `--http-address=${address}`,
    '--grpc-address=127.0.0.1:0',
  ]);
  t.after(async () => running.stop('SIGKILL'));
  await until('the demo printed what to try', 30_000, async () => running.output().includes('Ctrl-C stops'));

  const answers = await runPrinted(running.output());
  assert.equal(answers.length, 4);
  const [byShard, byReplica, range, all] = answers as [
    ApiAnswer<InstantData>,
    ApiAnswer<InstantData>,
    ApiAnswer<MatrixData>,
    ApiAnswer<InstantData>,
  ];
  assert.deepEqual(
    byShard.data.result.map(({ metric, value }) => [metric['shard'], value[1]]),
    [
      ['eu', '9'],
      ['us', '10'],
    ],
  );
  assert.equal(byReplica.data.result.length, 4);
  assert.deepEqual(
    range.data.result.map(({ metric, values }) => [metric['job'], values.length]),
    [
      ['api', 121],
      ['db', 121],
      ['web', 121],
    ],
  );
  assert.equal(all.data.result[0]!.value[1], '19');
  assert.match(running.output(), /^ {2}eu-a {2}http:\S+ {2}down from minute 4 to 6, then every 20 minutes$/m);
  for (const answer of [byShard, byReplica, range, all]) assert.equal(answer.warnings, undefined);

  const asked = performance.now();
  const code = await running.stop('SIGINT');
  assert.equal(code, 0);
  assert.ok(performance.now() - asked < MOST_STOP_MS, `took ${performance.now() - asked} ms`);
});
