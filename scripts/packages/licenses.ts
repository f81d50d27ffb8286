import type { LockedPackage } from './locked.ts';

/** Licenses under which code may go along with that of promweave: they ask for their text alone, which `scripts/license-texts.ts` adds. */
const SHIPPED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/** What only builds and tests may be under these as well: nothing of it is handed on. */
const FOR_DEVELOPMENT: ReadonlySet<string> = new Set([...SHIPPED, 'CC0-1.0', 'MPL-2.0']);

/** What is wrong with the licenses of packages, a sentence each. */
export function licenseProblems(packages: readonly LockedPackage[]): readonly string[] {
  return packages.flatMap(({ name, version, license, isForDevelopment }) => {
    if (license !== undefined && isAllowed(license, isForDevelopment ? FOR_DEVELOPMENT : SHIPPED)) return [];
    const what = license === undefined ? 'names no license' : `is under ${license}`;
    return [`${name} ${version} ${what}, which is not on the list of scripts/packages/licenses.ts`];
  });
}

/** `A AND B` needs both, `(A OR B)` one of them. What is written in another way is not taken. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' AND ')) return bare.split(' AND ').every((each) => allowed.has(each));
  return bare.split(' OR ').some((each) => allowed.has(each));
}

/** Packages of the program that want to run something while they are installed, a sentence each. */
export function installScriptProblems(packages: readonly LockedPackage[]): readonly string[] {
  return packages
    .filter(({ isForDevelopment, hasInstallScript }) => !isForDevelopment && hasInstallScript)
    .map(
      ({ name, version }) =>
        `${name} ${version} runs a script while it is installed; the program needs none that does`,
    );
}
