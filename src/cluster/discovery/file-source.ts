import { createHash } from 'node:crypto';
import { glob } from 'node:fs/promises';
import { failed, type Result, success } from '../../model/result.ts';
import { MOST_LIST_BYTES } from './endpoint-list.ts';
import { readListFile } from './list-file.ts';
import { cannotRead, readListed, type Texts } from './listed-files.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './address-source.ts';

/** Files that changed are read again after this time, ms: what writes one may be in the middle of it. */
export const SETTLE_MS = 1000;

/**
 * Finds endpoints in files, read again at each interval. What has changed counts once two looks in a row, {@link SETTLE_MS} apart, find the
 * same: half of a list can often be read, too, and half of an address is another one.
 */
export class FileSource implements AddressSource {
  readonly name: string;
  readonly endpoints: EndpointMaker;
  readonly #intervalMs: number;
  /** What counts, and the digest of the texts that told it. */
  #told: { readonly digest: string; readonly addresses: readonly FoundAddress[] } | undefined;
  /** Of texts that the last look found, and that do not count yet. */
  #changed: string | undefined;

  /** @param path may be a pattern, such as `/etc/sd/*.yml`. */
  constructor(path: string, intervalMs: number, endpoints: EndpointMaker) {
    this.name = path;
    this.endpoints = endpoints;
    this.#intervalMs = intervalMs;
  }

  async find(): Promise<Result<FoundAddresses, string>> {
    const read = await readFiles(this.name);
    if (!read.ok) {
      this.#changed = undefined;
      return read;
    }
    const digest = digestOf(read.value);
    const isAsBefore = digest === this.#told?.digest;
    if (this.#told !== undefined && !isAsBefore && digest !== this.#changed) {
      this.#changed = digest;
      return success({
        addresses: this.#told.addresses,
        validMs: Math.min(SETTLE_MS, this.#intervalMs),
      });
    }
    if (this.#told === undefined || !isAsBefore) {
      const listed = await readListed({ path: this.name, texts: read.value });
      if (!listed.ok) return listed;
      this.#told = { digest, addresses: listed.value };
    }
    this.#changed = undefined;
    return success({ addresses: this.#told.addresses, validMs: this.#intervalMs });
  }
}

async function readFiles(path: string): Promise<Result<Texts, string>> {
  let reading = path;
  try {
    const texts: [string, string][] = [];
    for (const file of await matchingFiles(path)) {
      reading = file;
      texts.push([file, await readListFile(file, MOST_LIST_BYTES)]);
    }
    return texts.length === 0 ? failed(`no file matches ${path}`) : success(texts);
  } catch (thrown) {
    return failed(cannotRead(reading, thrown));
  }
}

function digestOf(texts: Texts): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64');
}

async function matchingFiles(path: string): Promise<readonly string[]> {
  if (!/[*?[\]{}]/.test(path)) return [path];
  const files: string[] = [];
  for await (const file of glob(path)) files.push(file);
  return files.sort();
}
