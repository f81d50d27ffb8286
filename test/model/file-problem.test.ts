import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileProblem } from '../../src/model/file-problem.ts';

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
