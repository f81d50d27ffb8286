import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { giveFreedMemoryBack, type ThisProcess } from '../../src/cli/freed-memory.ts';
import { findJemalloc, JEMALLOC_OPTIONS } from '../../src/cli/jemalloc.ts';
import { AS_ON_COMMAND_LINE, startServe } from '../support/serve-process.ts';

const LIBRARY = '/usr/lib/libjemalloc.so.2';
const PROGRAM = {
  platform: 'linux',
  pid: 7,
  argv: ['/bin/node', '/app/main.js', 'serve', '--config=a b'],
  execPath: '/bin/node',
  execArgv: ['--max-semi-space-size=16'],
  env: { HOME: '/' },
  stderr: { write: () => true },
};

type Find = () => string | undefined;
type Environment = Readonly<Record<string, string>>;

/** What the process would become; undefined where it stays as it is. */
function restarted(change: Partial<ThisProcess>, find: Find = () => LIBRARY): unknown {
  let became: unknown;
  giveFreedMemoryBack({ ...PROGRAM, execve: (...args) => (became = args), ...change }, find);
  return became;
}

/** The environment that it would have then. */
function environmentOf(env: Environment, find?: Find): Environment {
  const [, , environment] = restarted({ env }, find) as readonly [string, unknown, Environment];
  return environment;
}

describe('a program that runs for long', () => {
  it('begins anew with the same flags, and with jemalloc', () => {
    assert.deepEqual(restarted({}), [
      '/bin/node',
      ['/bin/node', '--max-semi-space-size=16', '/app/main.js', 'serve', '--config=a b'],
      {
        HOME: '/',
        PROMWEAVE_BEGUN_ANEW: '7',
        MALLOC_TRIM_THRESHOLD_: '131072',
        LD_PRELOAD: LIBRARY,
        MALLOC_CONF: JEMALLOC_OPTIONS,
      },
    ]);
  });

  it('has a C library that gives memory back where there is no jemalloc, and where nobody wants it', () => {
    const expected = { PROMWEAVE_BEGUN_ANEW: '7', MALLOC_TRIM_THRESHOLD_: '131072' };
    assert.deepEqual(
      environmentOf({}, () => undefined),
      expected,
    );
    const env = { PROMWEAVE_ALLOCATOR: 'system' };
    assert.deepEqual(environmentOf(env), { ...env, ...expected });
  });

  it('says which values there are where it is told another one, once, and takes jemalloc', () => {
    const saidFor = (env: Environment): readonly string[] => {
      const said: string[] = [];
      const became = restarted({ env, stderr: { write: (text: string) => said.push(text) } });
      const [, , next] = became as readonly [string, unknown, Environment];
      assert.equal(next['LD_PRELOAD'], env['PROMWEAVE_ALLOCATOR'] === 'system' ? undefined : LIBRARY);
      restarted({ env: next, stderr: { write: (text: string) => said.push(text) } });
      return said;
    };
    assert.deepEqual(saidFor({ PROMWEAVE_ALLOCATOR: 'glibc' }), [
      'PROMWEAVE_ALLOCATOR is "glibc", which is neither "jemalloc" nor "system"; it counts as "jemalloc"\n',
    ]);
    for (const known of ['jemalloc', 'system', ''])
      assert.deepEqual(saidFor({ PROMWEAVE_ALLOCATOR: known }), []);
  });

  it('keeps what is preloaded already before it, and the options of somebody else', () => {
    const environment = environmentOf({ LD_PRELOAD: '/opt/a.so /opt/b.so', MALLOC_CONF: 'narenas:1' });
    assert.equal(environment['LD_PRELOAD'], `/opt/a.so /opt/b.so:${LIBRARY}`);
    assert.equal(environment['MALLOC_CONF'], 'narenas:1');
  });

  it('stays as it is where somebody decided otherwise, and where a parent talks to it', () => {
    for (const name of ['MALLOC_TRIM_THRESHOLD_', 'MALLOC_MMAP_THRESHOLD_', 'GLIBC_TUNABLES'])
      assert.equal(restarted({ env: { [name]: '1' } }), undefined);
    for (const library of ['jemalloc.so.2', 'mimalloc.so.2', 'tcmalloc_minimal.so.4'])
      assert.equal(restarted({ env: { LD_PRELOAD: `/opt/a.so:/opt/lib${library}` } }), undefined);
    assert.equal(restarted({ send: () => true }), undefined);
  });

  it('begins anew once, also where the system takes the variables away, and again in another process', () => {
    assert.equal(restarted({ env: { PROMWEAVE_BEGUN_ANEW: '7' } }), undefined);
    assert.ok(restarted({ env: { PROMWEAVE_BEGUN_ANEW: '6' } }) !== undefined);
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
});

/** Asks a real program, which begins anew or not by what it finds in its environment. */
describe('a gateway', { skip: process.platform !== 'linux' && 'Linux alone preloads libraries' }, () => {
  const jemalloc = findJemalloc();

  it('says which allocator it has, in the log and in its metrics, and keeps its process id', async (t) => {
    const gateway = await startServe([], { env: AS_ON_COMMAND_LINE });
    t.after(async () => gateway.stop('SIGKILL'));
    const name = jemalloc === undefined ? 'glibc' : 'jemalloc';
    assert.match(gateway.output(), new RegExp(`allocator=${name} msg=listening$`, 'm'));
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(metrics, new RegExp(`^promweave_build_info\\{.*allocator="${name}".*\\} 1$`, 'm'));
    const environment = readFileSync(`/proc/${gateway.pid}/environ`, 'utf8').split('\0');
    assert.ok(environment.includes('MALLOC_TRIM_THRESHOLD_=131072'));
    assert.ok(environment.includes(`PROMWEAVE_BEGUN_ANEW=${gateway.pid}`));
    assert.equal(await gateway.stop('SIGTERM'), 0);
  });
});

describe('the search for jemalloc', () => {
  it('passes over what is not there, and what is no library that Node can run with', () => {
    assert.equal(findJemalloc(['/nowhere/libjemalloc.so.2']), undefined);
    assert.equal(findJemalloc([import.meta.filename]), undefined);
  });

  // Any library will do that Node can run with.
  const maps = process.platform === 'linux' ? readFileSync('/proc/self/maps', 'utf8') : '';
  const [library] = /\/\S*\/libm[-.]\S*/.exec(maps) ?? [];

  it('goes on after one that Node cannot run with', { skip: library === undefined }, () => {
    assert.equal(findJemalloc([import.meta.filename, library!]), library);
  });
});
