import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../support/program.ts';

/** More than what the command line needs, and far less than the program has. */
const FEW_MODULES = 50;

for (const args of [
  ['--version'],
  ['--help'],
  ['serve', '--help'],
  ['demo', '--help'],
  ['explain', '--help'],
  ['check-config', '--help'],
  ['serve', '--no-such-flag'],
])
  test(`promweave ${args.join(' ')} loads no library and few modules`, async (t) => {
    const { output, modules } = await runProgram(t, 'src/main.ts', args);
    assert.match(output, /promweave \d|Usage: promweave|unknown flag/);
    assert.deepEqual(modules.packages, []);
    assert.ok(modules.files.includes('src/cli/run.ts'), modules.files.join('\n'));
    assert.ok(modules.files.length <= FEW_MODULES, modules.files.join('\n'));
  });

test('check-config loads what reads configurations, and no gateway', async (t) => {
  const { code, modules } = await runProgram(t, 'src/main.ts', ['check-config', 'deploy/promweave.yml']);
  assert.equal(code, 0);
  assert.deepEqual(modules.packages, ['yaml', 'zod']);
});

test('a configuration with a mistake is refused before the gateway is loaded', async (t) => {
  const { code, modules } = await runProgram(t, 'src/main.ts', ['serve', '--query.timeout=soon']);
  assert.equal(code, 1);
  assert.deepEqual(modules.packages, ['yaml', 'zod']);
});

test('explain asks a running gateway without a gateway of its own', async (t) => {
  const { output, modules } = await runProgram(t, 'src/main.ts', [
    'explain',
    'up',
    '--url=http://127.0.0.1:1',
  ]);
  assert.match(output, /no gateway answers at http:\/\/127\.0\.0\.1:1/);
  assert.deepEqual(modules.packages, []);
});
