import type { Writable } from 'node:stream';

/** Where log lines go. */
export interface LogSink {
  write(line: string): void;
}

/**
 * Lines to a stream that may fail: its disk is full, or the reader of its pipe went away. A line that cannot be written is
 * dropped and counted, since a gateway that answers without a log is worth more than none. A later line may succeed again.
 */
export class LossySink implements LogSink {
  readonly #stream: Writable;
  #dropped = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Each failure is also an event, which would end the process if nobody listened.
    stream.on('error', () => {});
  }

  write(line: string): void {
    this.#stream.write(line, (error) => {
      if (error) this.#dropped++;
    });
  }

  /** Lines that were lost so far. */
  dropped(): number {
    return this.#dropped;
  }
}

/** The process has one standard error, so all loggers write to this. */
export const STANDARD_ERROR: LossySink = new LossySink(process.stderr);
