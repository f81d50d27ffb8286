import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFileSource } from '../../../src/cluster/discovery/file-source.ts';
import { plainMaker } from './support.ts';

const NEVER = new AbortController().signal;

function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function find(path: string): Promise<readonly string[] | string> {
  const found = await createFileSource(path, 60_000, plainMaker).find(NEVER);
  if (!found.ok) return found.failure;
  assert.equal(found.value.validMs, 60_000);
  return found.value.addresses.map(({ address }) => address);
}

test('the addresses of all files that match a pattern, each once', async (t) => {
  const folder = folderOf(t, {
    'b.yml': '- targets: [c:1, a:1]',
    'a.yml': 'endpoints: [{ address: a:1 }]',
    'c.txt': '{',
  });
  assert.deepEqual(await find(join(folder, '*.yml')), ['a:1', 'c:1']);
});

test('a file that is missing or wrong is a failure that names it', async (t) => {
  const folder = folderOf(t, { 'a.yml': 'endpoints: 3' });
  assert.match(
    String(await find(join(folder, 'none.yml'))),
    /cannot read endpoints from .*none\.yml: there is no such file$/,
  );
  assert.match(String(await find(join(folder, '*.json'))), /^no file matches .*\*\.json$/);
  assert.match(String(await find(join(folder, 'a.yml'))), /a\.yml: it must hold a list of targets/);
});

test('files that list nothing are a failure, so that what they told last stays', async (t) => {
  for (const text of ['', '[]', 'endpoints: []', '- targets: []']) {
    const folder = folderOf(t, { 'a.yml': text });
    assert.match(String(await find(join(folder, 'a.yml'))), /a\.yml/, text);
  }
  const folder = folderOf(t, { 'a.yml': '[]' });
  assert.match(String(await find(join(folder, 'a.yml'))), /lists no endpoints$/);
});
