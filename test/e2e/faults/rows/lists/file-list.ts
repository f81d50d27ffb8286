import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Replica } from '../../fleet/replica.ts';
import type { EndpointList } from './endpoint-list.ts';

/** A file that is written in its place, not exchanged for another. */
export class FileList implements EndpointList {
  readonly endpoints = '';
  readonly discovery: string;
  readonly options = {};
  readonly #folder: string;
  readonly #file: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, 'endpoints.yml');
    this.discovery = `  files: [${this.#file}]\n  file_interval: 1s\n`;
  }

  static async start(): Promise<FileList> {
    return new FileList(await mkdtemp(join(tmpdir(), 'promweave-list-')));
  }

  async name(replicas: readonly Replica[]): Promise<void> {
    await writeFile(this.#file, textOf(replicas));
  }

  /** Leaves the file as it is in the middle of being written: it can be read, and its last address is another one. */
  async writeHalf(replicas: readonly Replica[]): Promise<void> {
    await writeFile(this.#file, textOf(replicas).slice(0, -'0\n'.length));
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

function textOf(replicas: readonly Replica[]): string {
  return replicas.map(({ endpoint }) => `- targets:\n    - ${endpoint}\n`).join('');
}
