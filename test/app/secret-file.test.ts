import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { SecretFile } from '../../src/app/secret-file.ts';

interface Opened {
  readonly file: string;
  readonly notes: string[];
  readonly secret: SecretFile;
}

function opened(t: TestContext, text: string): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret');
  writeFileSync(file, text);
  const notes: string[] = [];
  const secret = new SecretFile(file, (level, message) => void notes.push(`${level} ${message}`));
  return { file, notes, secret };
}

test('a secret is that of the file now, without the space around it', (t) => {
  const { file, notes, secret } = opened(t, 'first\r\n');
  assert.equal(secret.current(), 'first');
  writeFileSync(file, ' second');
  assert.deepEqual([secret.current(), secret.problem(), notes], ['second', undefined, []]);
});

test('a file that goes away is told once, and so is that it is back', (t) => {
  const { file, notes, secret } = opened(t, 'first');
  const problem = `cannot read ${file}: there is no such file; the secret that was read before stays in use until the file is back`;
  rmSync(file);
  for (let i = 0; i < 3; i++) assert.equal(secret.current(), 'first');
  assert.deepEqual([secret.problem(), notes], [problem, [`warn ${problem}`]]);
  writeFileSync(file, 'second');
  for (let i = 0; i < 3; i++) assert.equal(secret.current(), 'second');
  assert.deepEqual([secret.problem(), notes.slice(1)], [undefined, [`info ${file} can be read again`]]);
});

test('an empty file counts as one that is away', (t) => {
  const { file, notes, secret } = opened(t, 'first');
  writeFileSync(file, '\n');
  assert.equal(secret.current(), 'first');
  assert.match(
    notes.join('\n'),
    /^warn cannot use .*: it is empty, so there is no secret in it; the secret that/,
  );
});

test('a file that is missing or empty at the start is refused', (t) => {
  assert.throws(() => new SecretFile('/none', () => {}), {
    kind: 'bad_data',
    message: /^cannot read \/none/,
  });
  assert.throws(() => opened(t, ''), { kind: 'bad_data', message: /it is empty/ });
});
