import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { packageDeb } from '../../../scripts/package-deb.ts';
import { queryInstant } from '../../support/api-client.ts';
import { freePort } from '../../support/free-port.ts';
import { startProcess } from '../../support/process.ts';
import { startPrometheus } from '../../support/prometheus-server.ts';
import { until } from '../../support/until.ts';

/** What the package may need on disk, Node included, and to be downloaded. */
const MAX_INSTALLED_KIB = 180 * 1024;
const MAX_BYTES = 60 * 1024 * 1024;

/** A root of its own over that of this machine: what is written there is gone afterwards. */
interface Root {
  readonly path: string;
  readonly run: (command: string, ...args: readonly string[]) => string;
  readonly remove: () => void;
}

function openRoot(): Root | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-root-'));
  const path = join(folder, 'root');
  const mounts: string[] = [];
  const mount = (target: string, ...args: readonly string[]): boolean => {
    mkdirSync(target, { recursive: true });
    const { status } = spawnSync('mount', [...args, target]);
    if (status === 0) mounts.unshift(target);
    return status === 0;
  };
  const remove = (): void => {
    for (const target of mounts) execFileSync('umount', [target]);
    rmSync(folder, { recursive: true });
  };
  // The upper layer may not lie on an overlay, as the root of a container is one.
  const layers = join(folder, 'layers');
  const [upper, work] = [join(layers, 'upper'), join(layers, 'work')];
  if (!mount(layers, '-t', 'tmpfs', 'tmpfs')) {
    remove();
    return undefined;
  }
  mkdirSync(upper);
  mkdirSync(work);
  const options = `lowerdir=/,upperdir=${upper},workdir=${work}`;
  if (
    !mount(path, '-t', 'overlay', 'overlay', '-o', options) ||
    !mount(join(path, 'proc'), '-t', 'proc', 'proc') ||
    !mount(join(path, 'dev'), '--bind', '/dev')
  ) {
    remove();
    return undefined;
  }
  return {
    path,
    run: (command, ...args) => execFileSync('chroot', [path, command, ...args], { encoding: 'utf8' }),
    remove,
  };
}

const root = openRoot();
if (root === undefined) test('the Debian package', { skip: 'left out: this user may not mount' });
else describe('the Debian package', () => inRoot(root));

function inRoot({ path, run, remove }: Root): void {
  const at = (file: string): string => join(path, file);

  before(async () => {
    const deb = await packageDeb(at('packages'));
    const installed = Number(
      execFileSync('dpkg-deb', ['--field', deb, 'Installed-Size'], { encoding: 'utf8' }),
    );
    assert.ok(installed < MAX_INSTALLED_KIB, `${installed} KiB installed`);
    assert.ok(statSync(deb).size < MAX_BYTES, `${statSync(deb).size} bytes`);
    assert.match(run('dpkg', '--install', deb.slice(path.length)), /Name your servers in/);
  });

  after(remove);

  test('the program is on the path, with its manual page and its completion', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    assert.equal(run('promweave', '--version'), `promweave ${version}\n`);
    for (const file of [
      'man/man1/promweave.1.gz',
      'bash-completion/completions/promweave',
      'doc/promweave/copyright',
    ])
      assert.ok(existsSync(at(`usr/share/${file}`)), file);
    assert.equal(
      run('promweave', 'check-config', '/etc/promweave/promweave.yml'),
      '/etc/promweave/promweave.yml is fine: 0 endpoints.\n',
    );
  });

  test('its user can neither log in nor own a home, and its configuration is for nobody else', () => {
    assert.match(run('getent', 'passwd', 'promweave'), /:\/nonexistent:\/usr\/sbin\/nologin\n$/);
    assert.equal(run('stat', '--format=%U:%G %a', '/etc/promweave/promweave.yml'), 'root:promweave 640\n');
  });

  test('systemd can read its unit', (t) => {
    const unit = '/usr/lib/systemd/system/promweave.service';
    const { error, stderr } = spawnSync('chroot', [path, 'systemd-analyze', 'verify', unit], {
      encoding: 'utf8',
    });
    if (error !== undefined || /No such file/.test(stderr))
      t.diagnostic('left out: there is no systemd-analyze');
    else assert.equal(stderr, '');
  });

  test('the command line of its unit starts a gateway that answers, and that stops when it is told to', async (t) => {
    const [http, grpc, port] = [await freePort(), await freePort(), await freePort()];
    const server = await startPrometheus({
      port,
      config: `global: { scrape_interval: 1s, external_labels: { shard: a } }\nscrape_configs: [{ job_name: own, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]\n`,
    });
    t.after(async () => server.stop());
    writeFileSync(
      at('etc/promweave/promweave.yml'),
      `http: { address: 127.0.0.1:${http}, shutdown_delay: 10ms }\ngrpc: { address: 127.0.0.1:${grpc} }\nendpoints: [{ address: "http://127.0.0.1:${port}" }]\n`,
    );
    const unit = readFileSync(at('usr/lib/systemd/system/promweave.service'), 'utf8');
    const [command, ...args] = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(' ');
    const user = /^User=(.*)$/m.exec(unit)![1]!;
    const running = await startProcess('/usr/sbin/chroot', [
      `--userspec=${user}:${user}`,
      path,
      command!,
      ...args,
    ]);
    t.after(async () => running.stop('SIGKILL'));
    await until(`it listens: ${running.output()}`, 30_000, async () =>
      running.output().includes('msg=listening'),
    );
    const url = `http://127.0.0.1:${http}`;
    await until('it is ready', 20_000, async () => (await fetch(`${url}/-/ready`)).ok);
    await until('a query is answered', 20_000, async () => {
      const { data } = await queryInstant(url, 'sum by (shard) (up)');
      return (
        JSON.stringify(data.result.map(({ metric, value }) => [metric, value[1]])) === '[[{"shard":"a"},"1"]]'
      );
    });
    assert.equal((await fetch(`${url}/`)).status, 200, 'the page is there');
    assert.equal(await running.stop('SIGTERM'), 0, running.output());
  });

  test('a removal leaves the configuration, and a purge leaves nothing', () => {
    run('dpkg', '--remove', 'promweave');
    assert.ok(!existsSync(at('usr/bin/promweave')) && !existsSync(at('usr/lib/promweave')));
    assert.match(readFileSync(at('etc/promweave/promweave.yml'), 'utf8'), /endpoints/);
    run('dpkg', '--purge', 'promweave');
    for (const file of ['etc/promweave', 'usr/lib/promweave', 'usr/share/doc/promweave', 'var/log/promweave'])
      assert.ok(!existsSync(at(file)), file);
    assert.equal(spawnSync('chroot', [path, 'getent', 'passwd', 'promweave']).status, 2);
    assert.equal(spawnSync('chroot', [path, 'dpkg', '--status', 'promweave']).status, 1);
  });
}
