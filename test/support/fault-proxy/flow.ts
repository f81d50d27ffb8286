import type { Socket } from 'node:net';

/** A sender waits beyond so many bytes under way. More than delay times bandwidth of any line. */
const MOST_WAITING = 1_000_000;

/** One direction of a connection: what was read from one side and not yet written to the other. */
export class Flow {
  readonly to: Socket;
  readonly #from: Socket;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #hasEnded = false;
  #isEndPassed = false;
  /** When bytes came the last time, and when bytes were passed on; ms, -Infinity for never. */
  arrivedAt: number = -Infinity;
  passedAt: number = -Infinity;
  /** Bytes that were passed on since this was set to 0. */
  passed = 0;

  /** @param arrived hears of each part that came, and of the end. */
  constructor(from: Socket, to: Socket, arrived: () => void) {
    this.#from = from;
    this.to = to;
    from.on('data', (part: Buffer) => {
      this.#waiting.push(part);
      this.#bytes += part.length;
      this.arrivedAt = performance.now();
      if (this.#bytes >= MOST_WAITING) from.pause();
      arrived();
    });
    from.once('end', () => {
      this.#hasEnded = true;
      arrived();
    });
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether all was taken and the sender has ended; true once. */
  takeEnd(): boolean {
    if (!this.#hasEnded || !this.isEmpty || this.#isEndPassed) return false;
    this.#isEndPassed = true;
    return true;
  }

  /** The next bytes, so many at most; undefined where none wait. */
  take(most: number): Buffer | undefined {
    const first = this.#waiting[0];
    if (first === undefined) return undefined;
    if (first.length <= most) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(most);
    return first.subarray(0, most);
  }

  /** Passes bytes on that were taken, or others in their place. */
  pass(part: Buffer): void {
    this.passed += part.length;
    this.passedAt = performance.now();
    this.to.write(part, () => {
      this.#bytes -= part.length;
      if (this.#bytes < MOST_WAITING) this.#from.resume();
    });
  }
}
