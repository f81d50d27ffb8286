import { readFileSync } from 'node:fs';

/** A package that the lock file names. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** An expression of SPDX; undefined where the package names none. */
  readonly license: string | undefined;
  /** Whether it is needed to build or test alone. */
  readonly isForDevelopment: boolean;
  /** Whether it wants to run a program while it is installed. */
  readonly hasInstallScript: boolean;
}

interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly license?: string;
        readonly dev?: boolean;
        readonly link?: boolean;
        readonly hasInstallScript?: boolean;
      }
    >
  >;
}

/** All packages of a lock file, those of other systems included, which are not installed here. */
export function lockedPackages(
  text: string = readFileSync('package-lock.json', 'utf8'),
): readonly LockedPackage[] {
  const { packages } = JSON.parse(text) as LockFile;
  return Object.entries(packages).flatMap(([path, { version, license, dev, hasInstallScript }]) =>
    path === '' || version === undefined
      ? []
      : [
          {
            name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
            version,
            license,
            isForDevelopment: dev === true,
            hasInstallScript: hasInstallScript === true,
          },
        ],
  );
}
