import { existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { leftOut } from '../support/recorded.ts';

const OWN = new URL('scripts/', import.meta.url);
const SHARED = new URL('../../../shared/promqltest/', import.meta.url);

/** Our own scripts; they are always there. */
export function ownScripts(): readonly string[] {
  return scriptsIn(OWN);
}

/**
 * The scripts that Prometheus tests itself with, where they lie beside the checkout; undefined where they do not. Then
 * `tests` names what is left out.
 */
export function sharedScripts(tests: string): readonly string[] | undefined {
  if (existsSync(SHARED)) return scriptsIn(SHARED);
  console.log(leftOut(tests, SHARED));
  return undefined;
}

function scriptsIn(folder: URL): readonly string[] {
  return globSync(`${fileURLToPath(folder)}*.test`).toSorted();
}
