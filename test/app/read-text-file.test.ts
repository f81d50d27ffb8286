import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTextFile } from '../../src/app/read-text-file.ts';

test('only files of a sensible size are read, and nothing that may keep the process waiting', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a');
  for (const text of ['text', '', 'é'.repeat(100_000)]) {
    writeFileSync(file, text);
    assert.equal(readTextFile(file), text);
  }
  truncateSync(file, 17 * 1024 ** 2);
  assert.throws(() => readTextFile(file), {
    message: `cannot read ${file}: it has 17MiB, more than the 16MiB that are read`,
  });
  const pipe = join(folder, 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  for (const other of [pipe, '/dev/zero'])
    assert.throws(() => readTextFile(other), {
      message: `cannot read ${other}: it is a pipe or a device, not a file`,
    });
  assert.throws(() => readTextFile(folder), /it is a folder, not a file/);
  assert.equal(readTextFile(undefined), undefined);
});

test(
  'a file that has more than it says is read up to the bound',
  { skip: process.platform !== 'linux' },
  () => {
    assert.throws(() => readTextFile('/proc/self/pagemap'), {
      message: /^cannot read \/proc\/self\/pagemap: it has [\d.]+MiB, more than the 16MiB that are read$/,
    });
  },
);
