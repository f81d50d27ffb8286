import { open, type FileHandle } from 'node:fs/promises';
import type { LogSink } from './log-sink.ts';

/** Lines that wait while the disk is slow; characters. */
const MOST_WAITING = 4 * 1024 ** 2;

/** How long the last lines may take when the file is closed, ms. */
const CLOSE_MS = 1000;

/**
 * Appends lines to a file, one write at a time and never waiting for it. Lines that cannot be written are dropped and counted: where
 * the disk is full, and where it is so slow that too many wait. A later line may succeed again.
 */
export class LineFile implements LogSink {
  readonly #path: string;
  #waiting: string[] = [];
  #waitingLength = 0;
  #writing: Promise<void> | undefined;
  #file: FileHandle | undefined;
  #isStale = false;
  /** Whether the file may end in the middle of a line. */
  #isTorn = false;
  #dropped = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param line ends with a line feed. */
  write(line: string): void {
    if (this.#waitingLength + line.length > MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#writing ??= this.#writeAll();
  }

  /** Lines that were lost so far. */
  dropped(): number {
    return this.#dropped;
  }

  /** Goes on in the file that the path names now: the former one was moved away. */
  reopen(): void {
    this.#isStale = true;
    this.#writing ??= this.#writeAll();
  }

  /** Writes what waits and closes the file, or gives up after a second. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    const closed = async (): Promise<void> => {
      await this.#writing;
      await this.#file?.close();
    };
    await Promise.race([closed().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 || this.#isStale) {
      const lines = this.#waiting;
      this.#waiting = [];
      let file: FileHandle | undefined;
      try {
        file = await this.#current();
        if (lines.length > 0) await file.appendFile((this.#isTorn ? '\n' : '') + lines.join(''));
        this.#isTorn = false;
      } catch {
        this.#dropped += lines.length;
        this.#isTorn ||= file !== undefined;
      }
      this.#waitingLength = this.#waiting.reduce((sum, line) => sum + line.length, 0);
    }
    this.#writing = undefined;
  }

  async #current(): Promise<FileHandle> {
    if (this.#isStale) {
      this.#isStale = false;
      const former = this.#file;
      this.#file = undefined;
      await former?.close().catch(() => undefined);
    }
    this.#file ??= await open(this.#path, 'a');
    return this.#file;
  }
}
