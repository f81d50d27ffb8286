import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FILES_WITH_VERSION, withVersion } from '../../scripts/set-version.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

test('each file that a new version is written into has the present one', () => {
  for (const file of FILES_WITH_VERSION) {
    const text = readFileSync(file, 'utf8');
    assert.notEqual(withVersion(text, version, '9.9.9'), text, file);
  }
});

test('no other file names a version of its own', () => {
  const others = ['docker-compose.yml', ...globSync('{deploy,docs}/**/*.{md,yml,yaml}')].filter(
    (file) => !FILES_WITH_VERSION.includes(file),
  );
  assert.ok(others.length > 20);
  for (const file of others)
    assert.doesNotMatch(readFileSync(file, 'utf8'), /promweave[:_-]v?\d+\.\d+\.\d+/, file);
});

test('a version is replaced as a whole alone', () => {
  assert.equal(
    withVersion('a:0.1.0 a-0.1.0.tgz a_0.1.0_b 0.1.0', '0.1.0', '0.2.0'),
    'a:0.2.0 a-0.2.0.tgz a_0.2.0_b 0.2.0',
  );
  const others = '10.1.0 0.1.01 0.1.0.4 127.0.1.0 0x1x0 0.1.0-rc1';
  assert.equal(withVersion(others, '0.1.0', '0.2.0'), others);
});

test('the changelog begins with the present version', () => {
  assert.match(
    readFileSync('CHANGELOG.md', 'utf8'),
    new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\b`, 'm'),
  );
});

test('every line of the changelog stands in a group of Keep a Changelog', () => {
  const groups = new Set(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']);
  const [, ...versions] = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m);
  for (const version of versions) {
    const [head, ...parts] = version.split(/^### /m);
    assert.doesNotMatch(head!, /^- /m);
    const names = parts.map((part) => part.split('\n')[0]!);
    assert.deepEqual(names, [...new Set(names)]);
    for (const name of names) assert.ok(groups.has(name), name);
  }
});
