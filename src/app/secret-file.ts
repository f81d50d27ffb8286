import { messageOf, QueryError } from '../model/errors.ts';
import type { FileNote } from './pem-files.ts';
import { readTextFile } from './read-text-file.ts';

/**
 * A token or password in a file, read again for each request: those of Kubernetes expire and are renewed. While the file is
 * away or empty, as it is for the moment in which it is renewed, the last secret stays in use. That is told, because a
 * server may go on to take a secret that was meant to be withdrawn.
 */
export class SecretFile {
  readonly #file: string;
  readonly #note: FileNote;
  #last: string;
  #problem: string | undefined;

  /** Throws `bad_data` where the file cannot be read, or holds nothing. */
  constructor(file: string, note: FileNote) {
    this.#file = file;
    this.#note = note;
    this.#last = read(file);
  }

  /** The secret to use now. It never throws. */
  current(): string {
    try {
      this.#last = read(this.#file);
      if (this.#problem !== undefined) this.#note('info', `${this.#file} can be read again`);
      this.#problem = undefined;
    } catch (thrown) {
      const problem = `${messageOf(thrown)}; the secret that was read before stays in use until the file is back`;
      if (this.#problem === undefined) this.#note('warn', problem);
      this.#problem = problem;
    }
    return this.#last;
  }

  /** Why it is not the secret of the file that is in use; undefined where it is. */
  problem(): string | undefined {
    return this.#problem;
  }
}

function read(file: string): string {
  const text = readTextFile(file)!.trim();
  if (text === '')
    throw new QueryError('bad_data', `cannot use ${file}: it is empty, so there is no secret in it`);
  return text;
}
