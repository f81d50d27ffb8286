import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { giveFreedMemoryBack, MALLOC_SETTINGS, type ThisProcess } from '../../src/cli/freed-memory.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

const LINUX_ALONE = { skip: process.platform !== 'linux' && 'Linux alone has glibc' };

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
      { HOME: '/', ...MALLOC_SETTINGS },
    ]);
  });

  it('stays as it is where somebody decided otherwise, and where a parent talks to it', () => {
    for (const name of [...Object.keys(MALLOC_SETTINGS), 'GLIBC_TUNABLES'])
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

  it('has the settings of the image', () => {
    const image = readFileSync('deploy/Dockerfile', 'utf8');
    for (const [name, value] of Object.entries(MALLOC_SETTINGS))
      assert.ok(image.includes(`${name}=${value}`));
  });

  it('gives back what lies between blocks that stay', LINUX_ALONE, () => {
    // 200 MB of buffers as a crowd of answers leaves them, each with a small one behind it that stays.
    const script = `
      const large = [], small = [];
      for (let i = 0; i < 10_000; i++) {
        large.push(Buffer.allocUnsafeSlow(20_000).fill(1));
        small.push(Buffer.allocUnsafeSlow(200).fill(1));
      }
      const most = process.memoryUsage.rss();
      large.length = 0;
      gc();
      gc();
      setTimeout(() => console.log(most - process.memoryUsage.rss(), small.length), 200);`;
    const given = (settings: NodeJS.ProcessEnv): number =>
      Number.parseInt(
        execFileSync(process.execPath, ['--expose-gc', '-e', script], {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], ...settings },
        }),
        10,
      );
    assert.ok(given(MALLOC_SETTINGS) > 150e6);
  });

  it('keeps its process id', LINUX_ALONE, async (t) => {
    const flags = ['serve', '--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0'];
    const running = await startProcess(process.execPath, ['src/main.ts', ...flags]);
    t.after(async () => running.stop('SIGKILL'));
    await until('it listens', 30_000, async () => running.output().includes('msg=listening'));
    const environment = readFileSync(`/proc/${running.child.pid}/environ`, 'utf8').split('\0');
    for (const [name, value] of Object.entries(MALLOC_SETTINGS))
      assert.ok(environment.includes(`${name}=${value}`), name);
    assert.equal(await running.stop('SIGTERM'), 0);
  });
});
