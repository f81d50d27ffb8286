import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { cacheFolder } from '../../src/cli/compile-cache.ts';
import { runProgram } from '../support/program.ts';

/** Whatever the shell of the tests says. */
const UNSET = { NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: undefined };

/** Files that a run of the program leaves in an empty cache. */
async function keptBy(t: TestContext, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-cache-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { code } = await runProgram(t, 'src/main.ts', ['check-config', 'deploy/promweave.yml'], {
    env: { ...UNSET, XDG_CACHE_HOME: folder, ...env },
  });
  assert.equal(code, 0);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

test('compiled code is kept in a folder of the program', async (t) => {
  const kept = await keptBy(t, {});
  assert.ok(kept.length > 20, `${kept.length} files`);
  assert.ok(kept.every((file) => file === 'promweave' || file.startsWith('promweave/')));
});

test('NODE_DISABLE_COMPILE_CACHE=1 keeps nothing', async (t) => {
  assert.deepEqual(await keptBy(t, { NODE_DISABLE_COMPILE_CACHE: '1' }), []);
});

test('the folder is the one for caches of the user, below the home where none is named', () => {
  const home = (): string => '/home/ann';
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/var/cache/ann' }, home), '/var/cache/ann/promweave');
  assert.equal(cacheFolder({}, home), '/home/ann/.cache/promweave');
});

test('a relative folder for caches does not count, as the standard wants it', () => {
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: 'here' }, () => '/home/ann'),
    '/home/ann/.cache/promweave',
  );
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: '' }, () => '/home/ann'),
    '/home/ann/.cache/promweave',
  );
});

test('a user without a home has no cache', () => {
  const unknown = (): string => {
    throw new Error('ENOENT: no such user');
  };
  assert.equal(cacheFolder({}, unknown), undefined);
  assert.equal(
    cacheFolder({}, () => ''),
    undefined,
  );
});
