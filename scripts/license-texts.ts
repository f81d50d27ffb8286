import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The innermost package that a module belongs to. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * The licenses of all packages that the modules (absolute paths) come from, each with its whole text: licenses ask that
 * their text goes along with copies of the code. Throws where a package names no license.
 */
export function licenseTexts(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((module) => PACKAGE.exec(module)?.[0] ?? []));
  const sections = [...folders].toSorted().map(sectionOf);
  return `promweave holds code of the following packages, under these licenses.\n\n${sections.join('\n')}`;
}

function sectionOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  if (license === undefined) throw new Error(`${folder}/package.json names no license; look for it by hand`);
  const files = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
    .toSorted();
  const texts = files.map((file) => `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`);
  return `${'='.repeat(80)}\n${name} ${version}: ${license}\n${texts.join('')}`;
}
