import { readFileSync } from 'node:fs';
import { QueryError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';

/** The text of a file that the configuration names; undefined where it names none. Throws `bad_data` that names the file. */
export function readTextFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new QueryError('bad_data', `cannot read ${file}: ${fileProblem(file, thrown)}`, { cause: thrown });
  }
}
