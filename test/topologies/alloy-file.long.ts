import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

const withoutGo = spawnSync('go', ['version']).status === 0 ? false : 'left out: there is no Go';

test(
  "Alloy's own parser accepts the files of Alloy, and would not write them otherwise",
  { skip: withoutGo },
  () => {
    const files = globSync('deploy/topologies/**/*.alloy');
    assert.ok(files.length > 0);
    for (const file of files) {
      const formatted = execFileSync('go', ['run', '.', resolve(file)], {
        cwd: 'test/support/alloy/format',
        encoding: 'utf8',
      });
      assert.equal(`${formatted}\n`, readFileSync(file, 'utf8'), file);
    }
  },
);
