import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { test } from 'node:test';
import { until } from '../support/until.ts';

const SCRIPT = 'scripts/topology.ts';

test('without a name, and with one that there is not, it lists all topologies', () => {
  const names = globSync('deploy/topologies/*/compose.yml').map((file) => basename(dirname(file)));
  for (const [args, says] of [
    [[], /^Start one by its name/],
    [['ha-pears'], /^There is no topology ha-pears\. Start one/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, says);
    for (const name of names) assert.ok(stderr.includes(`  ${name}\n`), name);
  }
});

test('one is started as its README says, obeys what is typed, and is gone after Ctrl-C', async (t) => {
  const script = spawn(process.execPath, [SCRIPT, 'ha-pair'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => script.kill('SIGKILL'));
  const ended = once(script, 'exit');
  let output = '';
  script.stdout.on('data', (part: Buffer) => (output += part.toString()));
  const untilSaid = async (words: RegExp): Promise<void> =>
    until(`it said ${words}, but: ${output}`, 60_000, async () => words.test(output));

  await untilSaid(/Ctrl-C ends all of them/);
  const addresses = [...output.matchAll(/^ {2}\S+ +(http:\/\/127\.0\.0\.1:\d+) /gm)].map(([, url]) => url!);
  assert.equal(addresses.length, 6, output);
  const [first] = /curl -sG http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query/.exec(output) ?? [];
  assert.ok(
    addresses.some((address) => first?.includes(address)),
    'what it tells to try is elsewhere',
  );
  for (const [line, says] of [
    ['stop prometheus-1.prometheus', /^prometheus-1\.prometheus is stopped\.$/m],
    ['start prometheus-1.prometheus', /^prometheus-1\.prometheus runs\.$/m],
    ['stop nobody', /^there is no service nobody; there are app-0\.app, /m],
    ['halt', /^"halt" is neither "stop NAME" nor "start NAME"\.$/m],
  ] as const) {
    script.stdin.write(`${line}\n`);
    await untilSaid(says);
  }
  script.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
  for (const address of addresses) await assert.rejects(fetch(address), address);
});
