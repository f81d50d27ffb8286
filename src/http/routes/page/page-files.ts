import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { PageManifest } from './manifest.ts';

/** In which form a file of the page is kept, by the ends of its name. */
export const PAGE_CODINGS = { br: '.br', gzip: '.gz' } as const;

export type PageCoding = keyof typeof PAGE_CODINGS;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

export interface PageAsset {
  readonly type: string;
  readonly body: Uint8Array;
}

/**
 * The files of the built page. Nothing is read before someone asks for it, and each file once, because a gateway that only answers the
 * API should not hold a page. A page that is built again is seen after a restart.
 */
export class PageFiles {
  readonly #folder: string;
  #manifest: Promise<PageManifest | undefined> | undefined;
  readonly #assets = new Map<string, Promise<PageAsset>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The document; undefined where the page was not built. */
  async document(): Promise<string | undefined> {
    return (await this.#readManifest())?.document;
  }

  /** A file in a coding, or as it is; undefined where the page has none of this name. */
  async asset(name: string, coding: PageCoding | undefined): Promise<PageAsset | undefined> {
    const manifest = await this.#readManifest();
    // Names that the build did not write are never looked for, so no path leads out of the folder.
    if (manifest?.assets.includes(name) !== true) return undefined;
    const file = coding === undefined ? name : `${name}${PAGE_CODINGS[coding]}`;
    let asset = this.#assets.get(file);
    if (asset === undefined) {
      asset = this.#readAsset(name, file);
      this.#assets.set(file, asset);
    }
    return asset;
  }

  async #readAsset(name: string, file: string): Promise<PageAsset> {
    const body = await readFile(join(this.#folder, 'assets', file));
    return { type: TYPES[extname(name)] ?? 'application/octet-stream', body };
  }

  async #readManifest(): Promise<PageManifest | undefined> {
    this.#manifest ??= readFile(join(this.#folder, 'manifest.json'), 'utf8').then(
      (text) => JSON.parse(text) as PageManifest,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      },
    );
    return this.#manifest;
  }
}
