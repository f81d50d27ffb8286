import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { checkReadable, checkSize } from '../../model/file-problem.ts';

/** A file may tell no size while it is written anew; bytes. */
const LEAST_READ = 64 * 1024;

/**
 * The text of a file of at most `most` bytes; no more is read of one that grows meanwhile. Throws what the system says of the file, and
 * an error that people can read where it is too large, or a pipe or a device, which may have no end.
 */
export async function readListFile(file: string, most: number): Promise<string> {
  const bound = { bytes: most, advice: 'list fewer endpoints' };
  // A pipe that nobody writes to must not keep the open waiting.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    checkReadable(stat, bound);
    const bytes = Buffer.allocUnsafe(Math.max(stat.size, LEAST_READ) + 1);
    const parts: Buffer[] = [];
    for (let total = 0; ;) {
      const { bytesRead } = await handle.read(bytes, 0, bytes.length);
      if (bytesRead === 0) return Buffer.concat(parts).toString('utf8');
      total += bytesRead;
      checkSize(total, bound);
      parts.push(Buffer.from(bytes.subarray(0, bytesRead)));
    }
  } finally {
    await handle.close();
  }
}
