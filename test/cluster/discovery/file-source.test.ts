import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FileSource, SETTLE_MS } from '../../../src/cluster/discovery/file-source.ts';
import { plainMaker } from './support.ts';

function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function find(path: string): Promise<readonly string[] | string> {
  const found = await new FileSource(path, 60_000, plainMaker).find();
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

test('a file that changed counts once it stays the same', async (t) => {
  const folder = folderOf(t, { 'a.yml': '- targets: [a:90, b:90]' });
  const source = new FileSource(join(folder, '*.yml'), 60_000, plainMaker);
  const look = async (): Promise<unknown> => {
    const found = await source.find();
    return found.ok
      ? [found.value.addresses.map(({ address }) => address).join(' '), found.value.validMs]
      : found.failure.replace(folder, '');
  };
  const write = (text: string, name = 'a.yml'): void => writeFileSync(join(folder, name), text);
  assert.deepEqual(await look(), ['a:90 b:90', 60_000]);
  write('- targets:\n  - a:90\n  - c:9');
  assert.deepEqual(await look(), ['a:90 b:90', SETTLE_MS]);
  write('- targets:\n  - a:90\n  - c:90\n');
  assert.deepEqual(await look(), ['a:90 b:90', SETTLE_MS]);
  assert.deepEqual(await look(), ['a:90 c:90', 60_000]);
  for (const _again of [1, 2]) {
    write('- targets: [a:9');
    assert.deepEqual(await look(), ['a:90 c:90', SETTLE_MS]);
    write('- targets:\n  - a:90\n  - c:90\n');
    assert.deepEqual(await look(), ['a:90 c:90', 60_000]);
  }
  write('- targets: [d:90]', 'b.yml');
  assert.deepEqual(await look(), ['a:90 c:90', SETTLE_MS]);
  assert.deepEqual(await look(), ['a:90 c:90 d:90', 60_000]);
  write('- targets: [', 'b.yml');
  assert.deepEqual(await look(), ['a:90 c:90 d:90', SETTLE_MS]);
  assert.match(String(await look()), /^cannot read endpoints from \/b\.yml: /);
  assert.match(String(await look()), /^cannot read endpoints from \/b\.yml: /);
  write('- targets: [e:90]', 'b.yml');
  assert.deepEqual(await look(), ['a:90 c:90 d:90', SETTLE_MS]);
  for (const name of ['a.yml', 'b.yml']) renameSync(join(folder, name), join(folder, `${name}.away`));
  assert.equal(await look(), 'no file matches /*.yml');
  for (const name of ['a.yml', 'b.yml']) renameSync(join(folder, `${name}.away`), join(folder, name));
  assert.deepEqual(await look(), ['a:90 c:90 d:90', SETTLE_MS]);
  assert.deepEqual(await look(), ['a:90 c:90 e:90', 60_000]);
});

test('what did not change is not read again', async (t) => {
  const folder = folderOf(t, { 'a.yml': '- targets: [a:1]' });
  const source = new FileSource(join(folder, 'a.yml'), 60_000, plainMaker);
  const [first, again] = [await source.find(), await source.find()];
  assert.ok(first.ok && again.ok);
  assert.equal(again.value.addresses, first.value.addresses);
});
