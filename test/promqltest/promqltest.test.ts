import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { runFile } from './run-file.ts';
import { ownScripts, sharedScripts } from './script-files.ts';

const shared = sharedScripts("Prometheus' own 21 scripts (promqltest); ours run");

for (const file of [...ownScripts(), ...(shared ?? [])]) {
  test(`every case of ${basename(file)} gives what it says`, async () => {
    const { cases, passed, notYet, failures } = await runFile(file);
    const lines = failures.map(({ line, expr, problem }) => `line ${line}: ${expr}: ${problem}`);
    assert.ok(cases > 0, 'the script has no case');
    assert.deepEqual(lines, [], `${passed} of ${cases} passed, ${notYet} are known to fail`);
  });
}
