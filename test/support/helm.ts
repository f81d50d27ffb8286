import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const HELM_VERSION = 'v3.19.4';

/** Where `scripts/install-helm.ts` puts it, for all checkouts. */
export const HELM_CACHE: string = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'promweave',
  `helm-${HELM_VERSION}`,
);

/** The helm of the path, or else the one that was built; undefined where there is none. */
export function findHelm(): string | undefined {
  if (spawnSync('helm', ['version', '--short']).status === 0) return 'helm';
  const built = join(HELM_CACHE, 'helm');
  return existsSync(built) ? built : undefined;
}
