import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { LineFile } from '../../src/telemetry/line-file.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'promweave-lines-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test('lines come into the file in their order, behind what is there', async (t) => {
  const path = join(folder(t), 'log');
  for (const name of ['a', 'b']) {
    const file = new LineFile(path);
    for (let i = 0; i < 100; i++) file.write(`${name}${i}\n`);
    await file.close();
    assert.equal(file.dropped(), 0);
  }
  const expected = ['a', 'b'].flatMap((name) => Array.from({ length: 100 }, (_, i) => `${name}${i}`));
  assert.deepEqual(readFileSync(path, 'utf8').split('\n'), [...expected, '']);
});

test('a file that was moved away is followed by a new one, and no line is lost', async (t) => {
  const path = join(folder(t), 'log');
  const file = new LineFile(path);
  file.write('old\n');
  file.reopen();
  await file.close();
  const next = new LineFile(path);
  next.write('old too\n');
  while (!readFileSync(path, 'utf8').includes('too')) await new Promise(setImmediate);
  renameSync(path, `${path}.1`);
  next.reopen();
  next.write('new\n');
  await next.close();
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'old\nold too\n');
  assert.equal(readFileSync(path, 'utf8'), 'new\n');
});

test('lines for a full disk are dropped and counted', async () => {
  const file = new LineFile('/dev/full');
  file.write('one\n');
  file.write('two\n');
  await file.close();
  assert.equal(file.dropped(), 2);
});

test('a folder that comes back gets the later lines', async (t) => {
  const path = join(folder(t), 'log');
  const file = new LineFile(`${path}/log`);
  file.write('lost\n');
  while (file.dropped() === 0) await new Promise(setImmediate);
  mkdirSync(path);
  file.write('kept\n');
  await file.close();
  assert.equal(readFileSync(`${path}/log`, 'utf8'), 'kept\n');
  assert.equal(file.dropped(), 1);
});

test('lines for a disk that hangs take bounded memory, and nothing waits for them', async (t) => {
  const path = join(folder(t), 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
  const file = new LineFile(path);
  const line = `${'x'.repeat(1023)}\n`;
  for (let i = 0; i < 10_000; i++) file.write(line);
  assert.equal(file.dropped(), 10_000 - 4096);
  const started = performance.now();
  await file.close();
  assert.ok(performance.now() - started < 10_000);
  // Lets the system end what hangs.
  const reader = await open(path, 'r');
  await reader.close();
});
