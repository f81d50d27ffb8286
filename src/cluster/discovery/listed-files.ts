import { fileProblem } from '../../model/file-problem.ts';
import { askOwnThread, LONG_YAML } from '../../model/own-thread.ts';
import { failed, type Result, success } from '../../model/result.ts';
import type { FoundAddress } from './address-source.ts';
import { parseEndpointList } from './endpoint-list.ts';

/** The texts of files, in their order. */
export type Texts = readonly (readonly [file: string, text: string])[];

export type Listed = Result<readonly FoundAddress[], string>;

/** Files, and the path or pattern that led to them. */
export interface FilesOfPath {
  readonly path: string;
  readonly texts: Texts;
}

/** The addresses that files list, each once, or what is wrong with one of them. Long ones are read in a thread of their own. */
export function readListed(files: FilesOfPath): Promise<Listed> {
  const length = files.texts.reduce((sum, [, text]) => sum + text.length, 0);
  if (length <= LONG_YAML) return Promise.resolve(listedIn(files));
  return askOwnThread<Listed>(import.meta.url, 'list-thread', files);
}

/** The same here. */
export function listedIn({ path, texts }: FilesOfPath): Listed {
  const addresses = new Map<string, FoundAddress>();
  for (const [file, text] of texts)
    try {
      for (const listed of parseEndpointList(text))
        addresses.set(JSON.stringify(listed), { ...listed, serverName: undefined });
    } catch (thrown) {
      return failed(cannotRead(file, thrown));
    }
  // A file that lost its content by mistake is empty.
  return addresses.size === 0 ? failed(`${path} lists no endpoints`) : success([...addresses.values()]);
}

export function cannotRead(file: string, thrown: unknown): string {
  return `cannot read endpoints from ${file}: ${fileProblem(file, thrown)}`;
}
