import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { giveFreedMemoryBack, type ThisProcess } from '../../src/cli/freed-memory.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

const PROGRAM = {
  platform: 'linux',
  argv: ['/bin/node', '/app/main.js', 'serve', '--config=a b'],
  execPath: '/bin/node',
  execArgv: ['--max-semi-space-size=16'],
  env: { HOME: '/' },
};

/** What the process would become; undefined where it stays as it is. */
function restarted(change: Partial<ThisProcess>): unknown {
  let became: unknown;
  giveFreedMemoryBack({ ...PROGRAM, execve: (...args) => (became = args), ...change });
  return became;
}

describe('a program that runs for long', () => {
  it('begins anew with the same flags, and a C library that gives memory back', () => {
    assert.deepEqual(restarted({}), [
      '/bin/node',
      ['/bin/node', '--max-semi-space-size=16', '/app/main.js', 'serve', '--config=a b'],
      { HOME: '/', MALLOC_TRIM_THRESHOLD_: '131072' },
    ]);
  });

  it('stays as it is where somebody decided otherwise, and where a parent talks to it', () => {
    for (const name of ['MALLOC_TRIM_THRESHOLD_', 'MALLOC_MMAP_THRESHOLD_', 'GLIBC_TUNABLES'])
      assert.equal(restarted({ env: { [name]: '1' } }), undefined);
    assert.equal(restarted({ send: () => true }), undefined);
  });

  it('stays as it is where there is no other C library, or nothing to gain', () => {
    assert.equal(restarted({ platform: 'darwin' }), undefined);
    assert.equal(restarted({ argv: ['/bin/node', '/app/main.js', 'explain'] }), undefined);
    assert.equal(restarted({ argv: ['/bin/node', '/app/main.js'] }), undefined);
  });

  it('goes on where it cannot begin anew', () => {
    const execve = (): never => {
      throw new Error('EPERM');
    };
    assert.doesNotThrow(() => giveFreedMemoryBack({ ...PROGRAM, execve }));
  });

  it('keeps its process id', { skip: process.platform !== 'linux' && 'Linux alone has glibc' }, async (t) => {
    const flags = ['serve', '--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0'];
    const running = await startProcess(process.execPath, ['src/main.ts', ...flags]);
    t.after(async () => running.stop('SIGKILL'));
    await until('it listens', 30_000, async () => running.output().includes('msg=listening'));
    const environment = readFileSync(`/proc/${running.child.pid}/environ`, 'utf8').split('\0');
    assert.ok(environment.includes('MALLOC_TRIM_THRESHOLD_=131072'));
    assert.equal(await running.stop('SIGTERM'), 0);
  });
});
