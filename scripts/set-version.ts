/**
 * The version stands in package.json. `npm version NEW` changes it there, and then runs this: it writes the new one into the files that
 * name it for those who cannot read package.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export const FILES_WITH_VERSION: readonly string[] = [
  'README.md',
  'deploy/helm/promweave/Chart.yaml',
  'deploy/kubernetes/kustomization.yml',
  'docs/kubernetes.md',
  'docs/start.md',
  'test/deploy/chart/rendered/defaults.yml',
  'test/deploy/chart/rendered/full.yml',
  'test/deploy/chart/rendered/small.yml',
];

/** A text with another version in each place of the former one. */
export function withVersion(text: string, former: string, next: string): string {
  const exactly = new RegExp(`(?<![\\d.])${former.replaceAll('.', '\\.')}(?![\\d-]|\\.\\d)`, 'g');
  return text.replaceAll(exactly, next);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { npm_old_version: former, npm_new_version: next } = process.env;
  if (former === undefined || next === undefined) {
    console.error('Run "npm version NEW", which runs this with the former and the new version.');
    process.exitCode = 1;
  } else {
    for (const file of FILES_WITH_VERSION)
      writeFileSync(file, withVersion(readFileSync(file, 'utf8'), former, next));
  }
}
