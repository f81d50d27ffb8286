import { messageOf, QueryError } from '../../model/errors.ts';
import type { Timers } from '../../model/timers.ts';
import { stampOfFile } from '../file-stamp.ts';
import type { FileNote } from '../pem-files.ts';
import { readTextFile } from '../read-text-file.ts';
import { FileWatch } from '../reload/file-watch.ts';

/** Reads a file that a value is made of, and has it looked at from now on. Throws `bad_data` where it cannot be read. */
export type ReadFile = (file: string) => string;

export interface WatchedValueOptions<T> {
  /** What it is, for the log: `the web configuration web.yml`. */
  readonly name: string;
  /** Makes it. Throws `bad_data` where it cannot. */
  readonly make: (read: ReadFile) => T;
  readonly timers: Timers;
  readonly note: FileNote;
}

/**
 * A value that is made of files, and made again when one of them changes. Where that fails, the former value stays in force until the
 * files are right, and the log says so.
 */
export class WatchedValue<T> {
  readonly #options: WatchedValueOptions<T>;
  readonly #watch: FileWatch;
  readonly #listeners: ((value: T) => void)[] = [];
  #value: T;
  #files: Map<string, string>;
  #problem: string | undefined;

  /** Throws `bad_data` where the files cannot be used. */
  constructor(options: WatchedValueOptions<T>) {
    this.#options = options;
    this.#files = new Map();
    this.#value = options.make((file) => this.#read(file));
    this.#watch = new FileWatch(this.#files, options.timers, async () => this.#renew());
  }

  current(): T {
    return this.#value;
  }

  /** Why it is not what the files hold that is in force; undefined where it is. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Calls back with each new value. */
  onNew(listener: (value: T) => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#watch.stop();
  }

  #read(file: string): string {
    // A change between looking at a file and reading it shows at the next look.
    this.#files.set(file, stampOfFile(file));
    return readTextFile(file)!;
  }

  #renew(): void {
    const { name, make, note } = this.#options;
    const before = this.#files;
    this.#files = new Map();
    try {
      const value = make((file) => this.#read(file));
      for (const listener of this.#listeners) listener(value);
      this.#value = value;
      this.#problem = undefined;
      note('info', `${name} was read again`);
    } catch (thrown) {
      const isKnown = thrown instanceof QueryError && thrown.kind === 'bad_data';
      const reason = isKnown ? messageOf(thrown) : 'that is a mistake of promweave itself';
      const problem = `${name} cannot be used: ${reason}; what was read before stays in force until the files are right`;
      if (problem !== this.#problem) note('warn', problem);
      this.#problem = problem;
      // A file that was not come to may be the one that is wrong.
      for (const [file, stamp] of before) if (!this.#files.has(file)) this.#files.set(file, stamp);
    }
    this.#watch.follow(this.#files);
  }
}
