import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SizeName } from './sizes.ts';
import type { Store } from './stores.ts';
import { writeStore } from './write-store.ts';

/** Outside of what is tracked; `rm -r` of it frees the disk. */
export const CACHE: string = join('.cache', 'bench-e2e');

/** The files that say what the data are: where one of them changes, data are made anew. */
const SOURCES = ['sizes.ts', 'signals.ts', 'series.ts', 'stores.ts', 'write-store.ts'];
const QUERIES = '../rows.ts';

/** Which data and queries these are; results of different ones cannot be compared. */
export function workloadVersion(): string {
  return hashOf([...SOURCES, QUERIES]);
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 12);
}

/** The folder with the data of a store, which is made on the first call. `server` names the version of Prometheus that makes it. */
export async function keptStore(size: SizeName, store: Store, server: string): Promise<string> {
  const folder = join(CACHE, `${hashOf(SOURCES)}-${server}`, size, store.name);
  if (!existsSync(folder)) {
    console.error(`making the data of ${size} ${store.name} …`);
    await writeStore(store, folder);
  }
  return folder;
}

/** A folder with the same blocks, for a server to write beside them. The files themselves are shared, because blocks never change. */
export async function linkBlocks(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkBlocks(source, target);
    else await link(source, target);
  }
}
