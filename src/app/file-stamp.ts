import { statSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Of a file that is not there, or cannot be looked at. Reading it says why. */
const NONE = 'none';

/** Changes with the file. A link is followed, so that of a swapped folder counts as well. */
export function stampOfFile(file: string): string {
  try {
    return textOf(statSync(file, { bigint: true }));
  } catch {
    return NONE;
  }
}

/** The same without waiting for a file system that is slow. */
export async function findStamp(file: string): Promise<string> {
  try {
    return textOf(await stat(file, { bigint: true }));
  } catch {
    return NONE;
  }
}

function textOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
