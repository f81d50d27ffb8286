import { crc32c } from '../crc32c.ts';
import { MessageFormatError } from '../message-format-error.ts';

const CHECKSUM_BYTES = 4;
/** A length that needs more is beyond any limit. */
const MAX_LENGTH_BYTES = 5;
const DEFAULT_MAX_FRAME_BYTES = 64 * 1024 * 1024;

/**
 * Cuts a stream of bytes into the frames of a streamed remote-read answer: varint length, CRC-32C of the message
 * (4 bytes, big-endian), message (Prometheus storage/remote/chunked.go). Frames that arrive in one piece come out as
 * views on it; memory is taken for bytes that have arrived, never for a length that is only claimed.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  /** Length and checksum of the frame under way, as far as they have arrived. */
  readonly #head = new Uint8Array(MAX_LENGTH_BYTES + CHECKSUM_BYTES);
  #headLength = 0;
  /** Bytes of the varint in the head; 0 as long as its end has not arrived. */
  #lengthBytes = 0;
  #frameLength = 0;
  #pieces: Uint8Array[] = [];
  #received = 0;
  #frames = 0;

  constructor(maxFrameBytes: number = DEFAULT_MAX_FRAME_BYTES) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes the next bytes of the stream and gives out the messages that they complete, checksums verified: each as the
   * bytes [start, end) of an array. Throws {@link MessageFormatError} for a wrong checksum and for a frame over the limit;
   * the stream is then of no more use.
   */
  push(bytes: Uint8Array, take: (bytes: Uint8Array, start: number, end: number) => void): void {
    let at = 0;
    while (at < bytes.length) {
      if (!this.#headComplete()) {
        this.#pushHead(bytes[at++]!);
        if (!this.#headComplete() || this.#frameLength > 0) continue;
      }
      const start = at;
      at += Math.min(this.#frameLength - this.#received, bytes.length - at);
      this.#received += at - start;
      if (this.#received < this.#frameLength) this.#pieces.push(bytes.subarray(start, at));
      else if (this.#pieces.length === 0) this.#finish(bytes, start, at, take);
      else {
        const message = Buffer.concat([...this.#pieces, bytes.subarray(start, at)]);
        this.#finish(message, 0, message.length, take);
      }
    }
  }

  /** Bytes of a frame that has begun, which are kept until the rest of it comes. */
  get pending(): number {
    return this.#pieces.length === 0 ? 0 : this.#received;
  }

  /** To be called at the end of the stream; throws {@link MessageFormatError} if that is inside of a frame. */
  end(): void {
    if (this.#headLength === 0) return;
    const what = this.#headComplete()
      ? `${this.#received} of ${this.#frameLength} bytes of a frame`
      : `${this.#headLength} bytes of a frame's head`;
    throw new MessageFormatError(`the stream ended after ${this.#frames} frames and ${what}`);
  }

  #headComplete(): boolean {
    return this.#lengthBytes > 0 && this.#headLength === this.#lengthBytes + CHECKSUM_BYTES;
  }

  #pushHead(byte: number): void {
    this.#head[this.#headLength++] = byte;
    if (this.#lengthBytes > 0) return;
    this.#frameLength += (byte & 0x7f) * 2 ** (7 * (this.#headLength - 1));
    const complete = byte < 0x80;
    const endless = !complete && this.#headLength === MAX_LENGTH_BYTES;
    if (endless || (complete && this.#frameLength > this.#maxFrameBytes))
      throw new MessageFormatError(
        `frame ${this.#frames + 1} claims ${this.#frameLength} bytes${endless ? ' or more' : ''}, ` +
          `more than the limit of ${this.#maxFrameBytes}`,
      );
    if (complete) this.#lengthBytes = this.#headLength;
  }

  #finish(
    bytes: Uint8Array,
    start: number,
    end: number,
    take: (bytes: Uint8Array, start: number, end: number) => void,
  ): void {
    const declared = this.#declaredChecksum();
    const actual = crc32c(bytes, start, end);
    if (actual !== declared)
      throw new MessageFormatError(
        `frame ${this.#frames + 1} of ${this.#frameLength} bytes is damaged: ` +
          `its checksum is ${hex(actual)} where ${hex(declared)} was sent`,
      );
    this.#frames++;
    this.#headLength = 0;
    this.#lengthBytes = 0;
    this.#frameLength = 0;
    this.#received = 0;
    if (this.#pieces.length > 0) this.#pieces = [];
    take(bytes, start, end);
  }

  #declaredChecksum(): number {
    let checksum = 0;
    for (let i = 0; i < CHECKSUM_BYTES; i++) checksum = checksum * 256 + this.#head[this.#lengthBytes + i]!;
    return checksum;
  }
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
