/**
 * `npm run package:deb`: makes a package for Debian and its like of the program, with the Node that it is developed with,
 * for the kind of processor that this runs on: release/promweave_VERSION_ARCH.deb.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import manifest from '../package.json' with { type: 'json' };
import { COMMANDS } from '../src/cli/commands.ts';
import { bashCompletion } from './deb/completion.ts';
import { manualPage } from './deb/manual.ts';
import { MAINTAINER_SCRIPTS } from './deb/scripts.ts';
import { packagedUnit } from './deb/unit.ts';
import { layOutProgram } from './program-files.ts';

const HOME = 'usr/lib/promweave';
const CONFIG = 'etc/promweave/promweave.yml';

/** What Debian calls kinds of processors. */
const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: 'amd64',
  arm64: 'arm64',
};

const EXAMPLE = `# The configuration of the service promweave. \`man promweave\` and /usr/share/doc/promweave/configuration.md tell all keys.
# \`promweave check-config /etc/promweave/promweave.yml\` says what is wrong. A running gateway reads it again when it changes.
#
#query:
#  replica_labels: [__replica__] # external labels that tell replicas apart
#endpoints:
#  - address: http://prometheus-a:9090
#  - address: http://prometheus-b:9090
`;

const COPYRIGHT = `promweave is licensed under the Apache License 2.0: /usr/share/common-licenses/Apache-2.0.
The libraries that it holds are named in /${HOME}/dist/THIRD-PARTY-LICENSES.txt, and in the LICENSE files below /${HOME}/node_modules.
/${HOME}/bin/node is Node.js ${manifest.devDependencies.node}, https://github.com/nodejs/node/blob/v${manifest.devDependencies.node}/LICENSE.
`;

/** Builds the package into a folder and says where it is. Throws where dpkg-deb is missing. */
export async function packageDeb(folder: string): Promise<string> {
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined) throw new Error(`there is no package for ${process.arch}`);
  const stage = mkdtempSync(join(tmpdir(), 'promweave-deb-'));
  // It is the root of the machine where the package is installed.
  chmodSync(stage, 0o755);
  try {
    await layOutProgram(join(stage, HOME));
    layOutSystem(stage);
    writeControl(stage, architecture);
    mkdirSync(folder, { recursive: true });
    const target = join(folder, `promweave_${manifest.version}_${architecture}.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '--build', stage, target], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return target;
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** Everything that is not the program itself. */
function layOutSystem(stage: string): void {
  const put = (path: string, content: string | Buffer, mode = 0o644): void => {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    writeFileSync(join(stage, path), content, { mode });
  };
  mkdirSync(join(stage, HOME, 'bin'));
  cpSync('node_modules/node/bin/node', join(stage, HOME, 'bin/node'), { dereference: true });
  put(
    'usr/bin/promweave',
    `#!/bin/sh\nexec /${HOME}/bin/node --max-semi-space-size=16 /${HOME}/dist/main.js "$@"\n`,
    0o755,
  );
  put(CONFIG, EXAMPLE);
  put(
    'usr/lib/systemd/system/promweave.service',
    packagedUnit(readFileSync('deploy/systemd/promweave.service', 'utf8')),
  );
  put('usr/share/man/man1/promweave.1.gz', gzipSync(manualPage(COMMANDS, manifest.version), { level: 9 }));
  put('usr/share/bash-completion/completions/promweave', bashCompletion(COMMANDS));
  put('usr/share/doc/promweave/copyright', COPYRIGHT);
  put('usr/share/doc/promweave/changelog.gz', gzipSync(readFileSync('CHANGELOG.md'), { level: 9 }));
  for (const file of globSync('docs/*.md'))
    put(`usr/share/doc/promweave/${basename(file)}`, readFileSync(file));
}

function writeControl(stage: string, architecture: string): void {
  const files = globSync('{etc,usr}/**', { cwd: stage, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const kilobytes = files.reduce((sum, file) => sum + Math.ceil(statSync(file).size / 1024), 0);
  const control = `Package: promweave
Version: ${manifest.version}
Architecture: ${architecture}
Maintainer: promweave <promweave@users.noreply.github.com>
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libstdc++6 (>= 9), passwd
Section: net
Priority: optional
Description: many Prometheus servers as one
 A query-time deduplicating proxy that makes sharded, replicated Prometheus
 servers answer as one gap-free Prometheus.
`;
  mkdirSync(join(stage, 'DEBIAN'));
  const put = (name: string, text: string): void => writeFileSync(join(stage, 'DEBIAN', name), text);
  put('control', control);
  put('conffiles', `/${CONFIG}\n`);
  for (const [name, text] of Object.entries(MAINTAINER_SCRIPTS)) {
    put(name, text);
    chmodSync(join(stage, 'DEBIAN', name), 0o755);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(await packageDeb('release'));
