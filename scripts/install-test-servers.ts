/**
 * Installs the real servers that the tests start, from Debian's packages, where they are missing. Where that is not
 * possible it says so and lets the tests go on: those that need a server fail with a sentence of their own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findJemalloc } from '../src/cli/jemalloc.ts';

const NEEDED: readonly { readonly binary: string; readonly debianPackage: string }[] = [
  { binary: '/usr/bin/prometheus', debianPackage: 'prometheus' },
  { binary: '/usr/bin/promtool', debianPackage: 'prometheus' },
  { binary: '/usr/bin/prometheus-node-exporter', debianPackage: 'prometheus-node-exporter' },
  { binary: '/usr/bin/prometheus-alertmanager', debianPackage: 'prometheus-alertmanager' },
  { binary: '/usr/bin/amtool', debianPackage: 'prometheus-alertmanager' },
  { binary: '/usr/bin/victoria-metrics', debianPackage: 'victoria-metrics' },
  { binary: '/usr/bin/influxd', debianPackage: 'influxdb' },
  { binary: '/usr/bin/redis-server', debianPackage: 'redis-server' },
  { binary: '/usr/bin/memcached', debianPackage: 'memcached' },
  { binary: '/usr/sbin/nginx', debianPackage: 'nginx-light' },
  { binary: '/usr/sbin/haproxy', debianPackage: 'haproxy' },
  { binary: '/usr/bin/chromium', debianPackage: 'chromium' },
  // Of x86-64; what is there already is found in any of its places.
  { binary: findJemalloc() ?? '/usr/lib/x86_64-linux-gnu/libjemalloc.so.2', debianPackage: 'libjemalloc2' },
];

function run(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  return error === undefined && status === 0;
}

const missing = NEEDED.filter(({ binary }) => !existsSync(binary));
if (missing.length > 0) {
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  console.log(`Installing what the tests start: ${packages.join(', ')} …`);
  const installed =
    run('apt-get', ['update', '-q']) &&
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages]);
  if (!installed) {
    console.error(
      `Could not install ${packages.join(', ')} with apt-get. Tests against real servers will fail; ` +
        `on Debian or Ubuntu, as root: apt-get install ${packages.join(' ')}`,
    );
  }
}
