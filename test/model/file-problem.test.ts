import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkReadable, checkSize, fileProblem } from '../../src/model/file-problem.ts';

function problemOf(file: string): string {
  try {
    readFileSync(file);
  } catch (thrown) {
    return fileProblem(file, thrown);
  }
  return 'none';
}

test('why a file cannot be read is said in words', () => {
  assert.equal(problemOf('/nowhere/file'), 'there is no such file');
  assert.equal(problemOf('/'), 'it is a folder, not a file');
  assert.equal(problemOf('/etc/passwd/x'), 'a part of the path is no folder');
});

test('a path that is not absolute is told where it starts', () => {
  assert.equal(
    problemOf('no-such-file'),
    'there is no such file; the path starts where promweave was started',
  );
});

test('other causes keep the first line of their message', () => {
  assert.equal(fileProblem('/a', new Error('it broke\nat line 1')), 'it broke');
});

test('what cannot be read to its end is refused', () => {
  const look = (kind: string, size: number) => ({
    size,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
  });
  const bound = { bytes: 1024, advice: 'write less' };
  for (const [kind, size] of [
    ['file', 1024],
    ['folder', 4096],
  ] as const)
    checkReadable(look(kind, size), bound);
  assert.throws(() => checkReadable(look('pipe', 0), bound), {
    message: 'it is a pipe or a device, not a file',
  });
  assert.throws(() => checkReadable(look('file', 2048), bound), {
    message: 'it has 2KiB, more than the 1KiB that are read; write less',
  });
  assert.throws(() => checkSize(2048, { bytes: 1024 }), {
    message: 'it has 2KiB, more than the 1KiB that are read',
  });
});
