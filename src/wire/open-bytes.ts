import { withRoom } from './batch/growing.ts';

/**
 * What has come of something whose end has not: of a line, or of a frame. It is copied to one place. A list of the pieces would take a
 * hundred times their bytes where they are tiny, since each piece is an object, and keeps all that came with it.
 */
export class OpenBytes {
  #bytes = new Uint8Array(0);
  #length = 0;

  /** Bytes that have come. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of memory. They stay for what is open next. */
  get held(): number {
    return this.#bytes.length;
  }

  push(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    this.#bytes = withRoom(this.#bytes, length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** All of it, as a view that is of use until the next push. */
  close(): Buffer {
    const { buffer } = this.#bytes;
    const whole = Buffer.from(buffer, 0, this.#length);
    this.#length = 0;
    return whole;
  }
}
