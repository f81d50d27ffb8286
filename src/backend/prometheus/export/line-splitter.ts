import { EndpointError } from '../../endpoint-error.ts';

/** Of one line: ten thousand samples of the longest numbers take a fifth of it. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a body into lines while it comes. */
export class LineSplitter {
  #open: Uint8Array[] = [];
  #length = 0;

  /** Bytes that wait for the end of their line. */
  get pending(): number {
    return this.#length;
  }

  /** The lines that end in the next part of the body, without their ends; empty ones are left out. Throws EndpointError. */
  *push(part: Uint8Array): Generator<Buffer> {
    let from = 0;
    for (let end = part.indexOf(NEWLINE); end !== -1; end = part.indexOf(NEWLINE, from)) {
      this.#keep(part.subarray(from, end));
      from = end + 1;
      if (this.#length === 0) continue;
      const line = Buffer.concat(this.#open, this.#length);
      this.#open = [];
      this.#length = 0;
      yield line;
    }
    this.#keep(part.subarray(from));
  }

  /** To be called when the body has ended. Throws EndpointError where that is inside of a line. */
  end(): void {
    if (this.#length > 0)
      throw new EndpointError(
        'bad_data',
        'its export ends inside of a line; it may have been cut on the way',
        {
          retryAfterMs: 0,
        },
      );
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#open.push(piece);
    this.#length += piece.length;
    if (this.#length > MOST_LINE_BYTES)
      throw new EndpointError(
        'bad_data',
        `its export has a line of more than ${MOST_LINE_BYTES} bytes, which is read as damaged`,
      );
  }
}
