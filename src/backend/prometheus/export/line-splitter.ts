import { OpenBytes } from '../../../wire/open-bytes.ts';
import { EndpointError } from '../../endpoint-error.ts';

/** Of one line: ten thousand samples of the longest numbers take a fifth of it. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a body into lines while it comes. */
export class LineSplitter {
  readonly #open = new OpenBytes();

  /** Bytes of memory for a line whose end has not come. */
  get pending(): number {
    return this.#open.held;
  }

  /**
   * The lines that end in the next part of the body, without their ends; empty ones are left out. Each is of use until the next one is
   * asked for. Throws EndpointError.
   */
  *push(part: Uint8Array): Generator<Buffer> {
    let from = 0;
    for (let end = part.indexOf(NEWLINE); end !== -1; end = part.indexOf(NEWLINE, from)) {
      const line = this.#closed(part.subarray(from, end));
      from = end + 1;
      if (line.length > 0) yield line;
    }
    this.#keep(part.subarray(from));
  }

  /** To be called when the body has ended. Throws EndpointError where that is inside of a line. */
  end(): void {
    if (this.#open.length > 0)
      throw new EndpointError(
        'bad_data',
        'its export ends inside of a line; it may have been cut on the way',
        {
          retryAfterMs: 0,
        },
      );
  }

  /** The whole line of which this is the last piece. */
  #closed(piece: Uint8Array): Buffer {
    if (this.#open.length === 0) return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    this.#keep(piece);
    return this.#open.close();
  }

  #keep(piece: Uint8Array): void {
    if (this.#open.length + piece.length > MOST_LINE_BYTES)
      throw new EndpointError(
        'bad_data',
        `its export has a line of more than ${MOST_LINE_BYTES} bytes, which is read as damaged`,
      );
    this.#open.push(piece);
  }
}
