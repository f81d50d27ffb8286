import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bashCompletion } from '../../../scripts/deb/completion.ts';
import { manualPage } from '../../../scripts/deb/manual.ts';
import { MAINTAINER_SCRIPTS } from '../../../scripts/deb/scripts.ts';
import { packagedUnit } from '../../../scripts/deb/unit.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';

/** What bash offers behind these words; the last one is being written. */
function completed(...words: readonly string[]): readonly string[] {
  const script = `${bashCompletion(COMMANDS)}
COMP_WORDS=(promweave ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_promweave; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('bash completes commands, and the flags of each', () => {
  assert.deepEqual(completed('ser'), ['serve']);
  assert.ok(completed('').includes('check-config'));
  assert.deepEqual(completed('serve', '--query.replica-l'), ['--query.replica-label=']);
  assert.deepEqual(completed('query', '--query.replica-l'), ['--query.replica-label=']);
  assert.deepEqual(completed('explain', '--no-ded'), ['--no-dedup']);
  assert.deepEqual(completed('demo', '--query'), []);
});

test('bash completes files where no flag is begun', () => {
  assert.deepEqual(completed('check-config', 'packag'), ['package-lock.json', 'package.json']);
});

test('the manual page names each command and each flag, and man can read it', (t) => {
  const page = manualPage(COMMANDS, '1.2.3');
  for (const { name, flags } of COMMANDS) {
    assert.ok(page.includes(`\n.SS ${name.replaceAll('-', '\\-')}\n`), name);
    for (const flag of flags) assert.ok(page.includes(flag.name.replaceAll('-', '\\-')), flag.name);
  }
  const folder = mkdtempSync(join(tmpdir(), 'promweave-man-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'promweave.1');
  writeFileSync(file, page);
  const { error, status, stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], {
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '200', LC_ALL: 'C.UTF-8' },
  });
  if (error !== undefined || /minimized/.test(stdout)) {
    t.diagnostic('left out: there is no man here');
    return;
  }
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /--query\.replica-label=/);
});

test('the unit starts the installed program as the user of the package, and keeps its hardening', () => {
  const source = readFileSync('deploy/systemd/promweave.service', 'utf8');
  const unit = packagedUnit(source);
  assert.match(unit, /^ExecStart=\/usr\/bin\/promweave serve --config=\/etc\/promweave\/promweave\.yml$/m);
  assert.match(unit, /^User=promweave\nGroup=promweave$/m);
  assert.doesNotMatch(unit, /DynamicUser|\/opt|Copy to/);
  const hardening = (text: string): readonly string[] =>
    text.split('\n').filter((line) => /^(Protect|Restrict|Private|Capab|NoNew|System|Lock|UMask)/.test(line));
  assert.ok(hardening(unit).length > 15);
  assert.deepEqual(hardening(unit), hardening(source));
});

test('a unit that says something else is refused', () => {
  assert.throws(() => packagedUnit('[Service]\nExecStart=/opt/x\n'), /has nothing like/);
});

for (const [name, script] of Object.entries(MAINTAINER_SCRIPTS))
  test(`sh reads ${name}`, () => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });
