import type { Timers } from '../../model/timers.ts';
import { findStamp } from '../file-stamp.ts';

/** What files were like when they were read, by their names; see `file-stamp.ts`. */
export type FileStamps = ReadonlyMap<string, string>;

/** How often files are looked at, ms. */
export const LOOK_AT_FILES_MS = 1000;

/**
 * Tells when files change: in place, by renaming, or by the swapped links of a Kubernetes volume. They are looked at again and
 * again, since file systems over the network tell of nothing. A change is told once the files stayed the same from one look to
 * the next, so that several at once are one, and none is read that is half written.
 */
export class FileWatch {
  readonly #timers: Timers;
  readonly #onChange: () => Promise<unknown>;
  #read: FileStamps;
  #seen: FileStamps = new Map();
  #cancel: () => void = () => undefined;
  #isStopped = false;

  /** @param onChange calls {@link follow} with what it read. No look is taken before it is over. */
  constructor(read: FileStamps, timers: Timers, onChange: () => Promise<unknown>) {
    this.#read = read;
    this.#timers = timers;
    this.#onChange = onChange;
    this.#wait();
  }

  /** Looks at these from now on, which were just read. */
  follow(read: FileStamps): void {
    this.#read = read;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #wait(): void {
    if (!this.#isStopped) this.#cancel = this.#timers.after(LOOK_AT_FILES_MS, () => void this.#look());
  }

  /** What it throws is a mistake of our own, and ends no watch. */
  async #look(): Promise<void> {
    try {
      await this.#compare();
    } finally {
      this.#wait();
    }
  }

  async #compare(): Promise<void> {
    const read = this.#read;
    const files = [...read.keys()];
    const stamps = await Promise.all(files.map(findStamp));
    const now = new Map(files.map((file, i) => [file, stamps[i]!]));
    const isSettled = isSame(now, this.#seen);
    this.#seen = now;
    // What was read meanwhile may be newer than this look.
    if (isSettled && this.#read === read && !isSame(now, read) && !this.#isStopped) {
      this.#read = now;
      await this.#onChange();
    }
  }
}

function isSame(a: FileStamps, b: FileStamps): boolean {
  return a.size === b.size && [...a].every(([file, stamp]) => b.get(file) === stamp);
}
