import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeRelease } from '../../scripts/release.ts';
import { findHelm } from '../support/helm.ts';
import { KUBERNETES } from './chart/render.ts';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

describe('a release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-release-'));
  let files: readonly string[] = [];

  before(async () => {
    files = await makeRelease(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  const contents = (name: string): readonly string[] =>
    execFileSync('tar', ['-tzf', join(folder, name)], { encoding: 'utf8' })
      .trim()
      .split('\n');

  test('all of its parts are there, with sums that are right', () => {
    const names = files.map((file) => basename(file).replace(/_(amd64|arm64)\.deb$/, '.deb'));
    assert.deepEqual(names, [
      `promweave-${version}.cdx.json`,
      `promweave-${version}.tgz`,
      `promweave-chart-${version}.tgz`,
      `promweave-mixin-${version}.tar.gz`,
      `promweave_${version}.deb`,
      'SHA256SUMS',
    ]);
    const { status, stdout } = spawnSync('sha256sum', ['--check', 'SHA256SUMS'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/: OK$/gm)?.length, files.length - 1);
  });

  test('the list of what is in it has each library, with its version', () => {
    const { components, metadata } = JSON.parse(
      readFileSync(join(folder, `promweave-${version}.cdx.json`), 'utf8'),
    ) as {
      readonly metadata: { readonly component: { readonly name: string } };
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
      }[];
    };
    assert.equal(metadata.component.name, 'promweave');
    const listed = new Set(components.map((each) => `${each.name} ${each.version}`));
    assert.ok(
      [...listed].some((each) => each.startsWith('preact ')),
      'libraries of the page are listed',
    );
    assert.ok(![...listed].some((each) => each.startsWith('typescript ')), 'tools of developers are not');
    for (const [name, wanted] of Object.entries(dependencies))
      assert.ok(listed.has(`${name} ${wanted}`), name);
  });

  test('the chart holds the rules themselves, and the mixin its runbooks', (t) => {
    const chart = `promweave-chart-${version}.tgz`;
    assert.ok(contents(chart).includes('promweave/files/alerts.yml'));
    const alerts = execFileSync('tar', ['-xzOf', join(folder, chart), 'promweave/files/alerts.yml'], {
      encoding: 'utf8',
    });
    assert.equal(alerts, readFileSync('deploy/mixin/alerts.yml', 'utf8'));
    assert.ok(contents(`promweave-mixin-${version}.tar.gz`).includes('docs/runbooks/shard-down.md'));
    const helm = findHelm();
    if (helm === undefined) t.diagnostic('left out: there is no helm to install the chart with');
    else execFileSync(helm, ['template', 'a', join(folder, chart), KUBERNETES], { stdio: 'pipe' });
  });
});
