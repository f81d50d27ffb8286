import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileRegex } from '../../../src/promql/match/compile-regex.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('what is kept of short patterns with large programs is bounded by their memory', () => {
  const before = heap();
  // Nearly two megabytes each.
  for (let i = 0; i < 80; i++) compileRegex(`${i}(abcd.fghi.klmnopqrst){820}`);
  assert.ok(heap() - before < 100_000_000);
});
