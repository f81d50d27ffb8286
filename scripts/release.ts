/**
 * `npm run release`: makes what a version consists of, in release/: the tarball of npm, the package for Debian, the chart, the
 * mixin with its dashboards and runbooks, a list of all that is in it (SBOM), and SHA-256 sums of these.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { billOfMaterials, packagesIn, type Bill } from './bill-of-materials.ts';
import { packageDeb } from './package-deb.ts';
import { PROGRAM_FILES } from './program-files.ts';

/** The same bytes each time, whoever packs them; links are replaced by what they lead to. */
const TAR = [
  '--sort=name',
  '--mtime=@0',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--dereference',
  '-czf',
];

/** Empties the folder, fills it, and says what is in it. */
export async function makeRelease(folder: string): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { version } = manifest;
  const out = (name: string): string => resolve(folder, name);
  run('npm', 'pack', '--silent', `--pack-destination=${folder}`);
  await packageDeb(folder);
  // As helm packages a chart: a folder of its name.
  run('tar', ...TAR, out(`promweave-chart-${version}.tgz`), '--directory=deploy/helm', 'promweave');
  run(
    'tar',
    ...TAR,
    out(`promweave-mixin-${version}.tar.gz`),
    'deploy/mixin',
    'deploy/grafana/dashboards',
    'docs/runbooks',
  );
  const all = JSON.parse(run('npm', 'sbom', '--sbom-format=cyclonedx')) as Bill;
  const bill = billOfMaterials(all, manifest.name, new Set(shippedPackages()));
  writeFileSync(out(`promweave-${version}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`);
  const names = readdirSync(folder).toSorted();
  const sums = names.map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(out(name)))
        .digest('hex')}  ${name}\n`,
  );
  writeFileSync(out('SHA256SUMS'), sums.join(''));
  return [...names, 'SHA256SUMS'].map((name) => join(folder, name));
}

/** What the program and the page hold, as npm pack has just built them, and the packages that stay beside the program. */
function shippedPackages(): readonly string[] {
  const beside = globSync(
    PROGRAM_FILES.flatMap((path) => [`${path}/package.json`, `${path}/*/package.json`]),
  ).map((file) => {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
    return `${name} ${version}`;
  });
  const licenses = ['dist', 'dist-page'].map((folder) =>
    readFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8'),
  );
  return [...licenses.flatMap(packagesIn), ...beside];
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log((await makeRelease('release')).join('\n'));
