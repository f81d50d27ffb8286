import { readFileSync, statSync } from 'node:fs';
import { formatBytes } from '../model/byte-size.ts';
import { QueryError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';

/** Configurations, secrets and certificates are far smaller; bytes. */
const MOST_BYTES = 16 * 1024 ** 2;

/** The text of a file that the configuration names; undefined where it names none. Throws `bad_data` that names the file. */
export function readTextFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    checkRegular(file);
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read ${file}: ${fileProblem(file, thrown)}`, { cause: thrown });
  }
}

/** Reading a pipe or a device may wait for ever, and everything with it. */
function checkRegular(file: string): void {
  const stat = statSync(file);
  if (stat.isDirectory()) return;
  if (!stat.isFile()) throw new Error('it is a pipe or a device, not a file');
  if (stat.size > MOST_BYTES)
    throw new Error(
      `it has ${formatBytes(stat.size)}, more than the ${formatBytes(MOST_BYTES)} that are read`,
    );
}
