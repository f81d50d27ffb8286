import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Debian and Ubuntu, Fedora, Alpine and Arch, and those who build it put it. */
export const USUAL_PLACES: readonly string[] = [
  ...(process.arch === 'x64' ? ['/usr/lib/x86_64-linux-gnu/libjemalloc.so.2'] : []),
  ...(process.arch === 'arm64' ? ['/usr/lib/aarch64-linux-gnu/libjemalloc.so.2'] : []),
  '/usr/lib64/libjemalloc.so.2',
  '/usr/lib/libjemalloc.so.2',
  '/usr/local/lib/libjemalloc.so.2',
];

/** What the options mean stands in jemalloc(3), "TUNING"; what they are worth, in `test/e2e/attacks/README.md`. */
export const JEMALLOC_OPTIONS = 'background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0,narenas:2';

const PROBE_MS = 10_000;

/** The first library that Node can run with; undefined where there is none. Some systems have one for another C library as well. */
export function findJemalloc(places: readonly string[] = USUAL_PLACES): string | undefined {
  return places.find((path) => existsSync(path) && works(path));
}

/**
 * Whether Node starts with it and nobody complains. A library for another C library is passed over with a line on standard error.
 * One that was built for smaller pages than the system has, which happens on arm64, ends each process that it is loaded into.
 */
function works(library: string): boolean {
  const { status, stderr } = spawnSync(process.execPath, ['--version'], {
    env: { LD_PRELOAD: library, MALLOC_CONF: JEMALLOC_OPTIONS },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PROBE_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0 && stderr.length === 0;
}
