import { glob, readFile } from 'node:fs/promises';
import { fileProblem } from '../../model/file-problem.ts';
import { failed, type Result, success } from '../../model/result.ts';
import { parseEndpointList } from './endpoint-list.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './address-source.ts';

/** Finds endpoints in files, read again at each interval (ms). The path may be a pattern, such as `/etc/sd/*.yml`. */
export function createFileSource(path: string, intervalMs: number, endpoints: EndpointMaker): AddressSource {
  return { name: path, find: () => readFiles(path, intervalMs), endpoints };
}

async function readFiles(path: string, intervalMs: number): Promise<Result<FoundAddresses, string>> {
  const addresses = new Map<string, FoundAddress>();
  let reading = path;
  try {
    const files = await matchingFiles(path);
    if (files.length === 0) return failed(`no file matches ${path}`);
    for (const file of files) {
      reading = file;
      for (const listed of parseEndpointList(await readFile(file, 'utf8')))
        addresses.set(JSON.stringify(listed), { ...listed, serverName: undefined });
    }
  } catch (thrown) {
    return failed(`cannot read endpoints from ${reading}: ${fileProblem(reading, thrown)}`);
  }
  // A file that is being written is empty for a moment, and so is one that lost its content by mistake.
  if (addresses.size === 0) return failed(`${path} lists no endpoints`);
  return success({
    addresses: [...addresses.values()],
    validMs: intervalMs,
  });
}

async function matchingFiles(path: string): Promise<readonly string[]> {
  if (!/[*?[\]{}]/.test(path)) return [path];
  const files: string[] = [];
  for await (const file of glob(path)) files.push(file);
  return files.sort();
}
