import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findJemalloc } from '../src/cli/jemalloc.ts';

/** Files of packages, by which one knows that they are installed. */
const FILES: ReadonlyMap<string, readonly string[]> = new Map([
  ['prometheus', ['/usr/bin/prometheus', '/usr/bin/promtool']],
  ['prometheus-node-exporter', ['/usr/bin/prometheus-node-exporter']],
  ['prometheus-alertmanager', ['/usr/bin/prometheus-alertmanager', '/usr/bin/amtool']],
  ['victoria-metrics', ['/usr/bin/victoria-metrics']],
  ['influxdb', ['/usr/bin/influxd']],
  ['redis-server', ['/usr/bin/redis-server']],
  ['memcached', ['/usr/bin/memcached']],
  ['nginx-light', ['/usr/sbin/nginx']],
  ['haproxy', ['/usr/sbin/haproxy']],
  ['chromium', ['/usr/bin/chromium']],
  // Of x86-64; what is there already is found in any of its places.
  ['libjemalloc2', ['/usr/lib/x86_64-linux-gnu/libjemalloc.so.2']],
]);

/** All packages whose programs the tests start. */
export const ALL_PACKAGES: readonly string[] = [...FILES.keys()];

/** What is asked of the machine, so that tests need not install anything. */
export interface Machine {
  readonly has: (file: string) => boolean;
  /** Whether it ran, and ended well. */
  readonly run: (command: string, args: readonly string[]) => boolean;
  readonly say: (line: string) => void;
}

const THIS_ONE: Machine = {
  has: (file) => existsSync(file) || (file.endsWith('libjemalloc.so.2') && findJemalloc() !== undefined),
  run: (command, args) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    return error === undefined && status === 0;
  },
  say: (line) => console.error(line),
};

/**
 * Installs those packages of Debian that are missing. Where that is not possible it says so, and what becomes of it, and goes on: what needs
 * a program then fails with a sentence of its own.
 */
export function installPackages(
  packages: readonly string[],
  { whatFor, otherwise }: { readonly whatFor: string; readonly otherwise: string },
  { has, run, say }: Machine = THIS_ONE,
): void {
  const missing = packages.filter((name) => !filesOf(name).every(has));
  if (missing.length === 0) return;
  say(`Installing ${whatFor}: ${missing.join(', ')} …`);
  const isInstalled =
    run('apt-get', ['update', '-q']) &&
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing]);
  if (!isInstalled)
    say(
      `Could not install ${missing.join(', ')} with apt-get. ${otherwise}; ` +
        `on Debian or Ubuntu, as root: apt-get install ${missing.join(' ')}`,
    );
}

function filesOf(name: string): readonly string[] {
  const files = FILES.get(name);
  if (files === undefined) throw new Error(`BUG: nothing says which files the package ${name} has`);
  return files;
}
