import { crc32c } from '../crc32c.ts';
import { MessageFormatError } from '../message-format-error.ts';
import { OpenBytes } from '../open-bytes.ts';

const CHECKSUM_BYTES = 4;
/** A length that needs more is beyond any limit. */
const MAX_LENGTH_BYTES = 5;
/** Prometheus ends a frame behind the first MiB of chunks (storage/remote/codec.go), so what it sends is far from this. */
const DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * Cuts a stream of bytes into the frames of a streamed remote-read answer: varint length, CRC-32C of the message
 * (4 bytes, big-endian), message (Prometheus storage/remote/chunked.go). Give it what arrives, and take the messages that
 * are whole one by one:
 *
 *     splitter.push(part);
 *     while (splitter.next()) read(splitter.bytes, splitter.from, splitter.to);
 *
 * Frames that arrive in one piece come out as views on it, others as views that are of use until the next bytes come. Memory is taken for bytes that have arrived, never for a length
 * that is only claimed.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  /** Length and checksum of the frame under way, as far as they have arrived. */
  readonly #head = new Uint8Array(MAX_LENGTH_BYTES + CHECKSUM_BYTES);
  #headLength = 0;
  /** Bytes of the varint in the head; 0 as long as its end has not arrived. */
  #lengthBytes = 0;
  #frameLength = 0;
  /** The message under way where it comes in several pieces. */
  readonly #open = new OpenBytes();
  #received = 0;
  /** Of what was received of the frame under way. */
  #checksum = 0;
  #frames = 0;
  /** What arrived last, and how far it was taken. */
  #part: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** The message that {@link next} found: the bytes [from, to) of an array. */
  bytes: Uint8Array = this.#part;
  from = 0;
  to = 0;

  constructor(maxFrameBytes: number = DEFAULT_MAX_FRAME_BYTES) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Takes the next bytes of the stream. To be called when {@link next} has found all messages of those before. */
  push(part: Uint8Array): void {
    this.#part = part;
    this.#at = 0;
  }

  /**
   * Finds the next message that is whole, its checksum verified; false where more bytes have to come. Throws
   * {@link MessageFormatError} for a wrong checksum and for a frame over the limit; the stream is then of no more use.
   */
  next(): boolean {
    const part = this.#part;
    this.#found(part, 0, 0);
    while (this.#at < part.length) {
      if (!this.#headComplete()) {
        this.#pushHead(part[this.#at++]!);
        if (!this.#headComplete() || this.#frameLength > 0) continue;
      }
      const start = this.#at;
      const end = start + Math.min(this.#frameLength - this.#received, part.length - start);
      this.#at = end;
      this.#received += end - start;
      this.#checksum = crc32c(part, start, end, this.#checksum);
      if (this.#received === this.#frameLength) {
        this.#finish(start, end);
        return true;
      }
      this.#open.push(part.subarray(start, end));
    }
    return false;
  }

  /** Bytes of memory for messages that come in several pieces. */
  get pending(): number {
    return this.#open.held;
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

  #finish(start: number, end: number): void {
    const declared = this.#declaredChecksum();
    const actual = this.#checksum;
    if (actual !== declared)
      throw new MessageFormatError(
        `frame ${this.#frames + 1} of ${this.#frameLength} bytes is damaged: ` +
          `its checksum is ${hex(actual)} where ${hex(declared)} was sent`,
      );
    if (this.#open.length === 0) this.#found(this.#part, start, end);
    else {
      this.#open.push(this.#part.subarray(start, end));
      const message = this.#open.close();
      this.#found(message, 0, message.length);
    }
    this.#frames++;
    this.#headLength = 0;
    this.#lengthBytes = 0;
    this.#frameLength = 0;
    this.#received = 0;
    this.#checksum = 0;
  }

  #found(bytes: Uint8Array, from: number, to: number): void {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
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
