import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { QueryError } from '../model/errors.ts';
import { checkReadable, checkSize, fileProblem } from '../model/file-problem.ts';

/** Configurations, secrets and certificates are far smaller; bytes. */
const BOUND = { bytes: 16 * 1024 ** 2 };
/** Nearly all are read at once; bytes. */
const PART = 64 * 1024;

/** The text of a file that the configuration names; undefined where it names none. Throws `bad_data` that names the file. */
export function readTextFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readText(file);
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read ${file}: ${fileProblem(file, thrown)}`, { cause: thrown });
  }
}

function readText(file: string): string {
  // A pipe that nobody writes to must not keep the open waiting.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    checkReadable(fstatSync(handle), BOUND);
    const parts: Buffer[] = [];
    for (let total = 0; ;) {
      const part = Buffer.allocUnsafe(PART);
      const read = readSync(handle, part);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      total += read;
      checkSize(total, BOUND);
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
}
