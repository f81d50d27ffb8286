import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FileSource } from '../../../src/cluster/discovery/file-source.ts';
import { readListFile } from '../../../src/cluster/discovery/list-file.ts';
import { plainMaker } from './support.ts';

const MOST = 1024;

function fileOf(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.yml');
  writeFileSync(file, text);
  return file;
}

test('a file up to the bound is read whole', async (t) => {
  for (const text of ['', 'é', 'x'.repeat(MOST)])
    assert.equal(await readListFile(fileOf(t, text), MOST), text);
});

test('a file beyond the bound is refused with its size', async (t) => {
  await assert.rejects(readListFile(fileOf(t, 'x'.repeat(2 * MOST)), MOST), {
    message: 'it has 2KiB, more than the 1KiB that are read; list fewer endpoints',
  });
});

test(
  'a file that has more than it says is read up to the bound',
  { skip: process.platform !== 'linux' },
  async () => {
    await assert.rejects(readListFile('/proc/self/smaps', MOST), /more than the 1KiB that are read/);
  },
);

test('nothing is read of a pipe, which nobody writes to, or of a device', async (t) => {
  const pipe = `${fileOf(t, '')}.pipe`;
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  for (const other of [pipe, '/dev/zero'])
    await assert.rejects(readListFile(other, MOST), { message: 'it is a pipe or a device, not a file' });
});

test('a list that has grown beyond 4 MiB is named', async (t) => {
  const file = fileOf(t, '');
  truncateSync(file, 5 * 1024 ** 2);
  assert.deepEqual(await new FileSource(file, 60_000, plainMaker).find(), {
    ok: false,
    failure: `cannot read endpoints from ${file}: it has 5MiB, more than the 4MiB that are read; list fewer endpoints`,
  });
});
