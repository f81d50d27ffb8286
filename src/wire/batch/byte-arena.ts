import { MessageFormatError } from '../message-format-error.ts';
import { discard } from './growing.ts';

/** Places are numbers: the block in the high bits, the offset in the low ones. */
const OFFSET_BITS = 20;
const MAX_BLOCK_BYTES = 2 ** OFFSET_BITS;
const OFFSET_MASK = MAX_BLOCK_BYTES - 1;
const FIRST_BLOCK_BYTES = 4096;
/** Places have 32 bits. */
const MAX_BLOCKS = 2 ** (32 - OFFSET_BITS);

/**
 * Bytes outside of the JavaScript heap, in blocks that are never moved: what was put there stays where it is. Each block is a
 * buffer of its own, which can be handed to another thread without a copy.
 */
export class ByteArena {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  #used = 0;
  #bytes = 0;

  /** Memory that the blocks take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies bytes and returns their place. */
  put(bytes: Uint8Array, start: number, length: number): number {
    let block: Uint8Array<ArrayBuffer> | undefined = this.#blocks.at(-1);
    // Even nothing has a place of its own, which a full block has no more.
    if (block === undefined || this.#used + Math.max(length, 1) > block.length)
      block = this.#addBlock(length);
    const at = this.#used;
    // Short chunks, the usual ones of new series, are copied faster than a view is made.
    if (length < 48) for (let i = 0; i < length; i++) block[at + i] = bytes[start + i]!;
    else block.set(bytes.subarray(start, start + length), at);
    this.#used += length;
    return (this.#blocks.length - 1) * MAX_BLOCK_BYTES + at;
  }

  /** Frees all blocks, which nobody may look at any more. */
  discard(): void {
    for (const block of this.#blocks) discard(block);
    this.#blocks.length = 0;
    this.#used = 0;
    this.#bytes = 0;
  }

  /** A view on bytes that were put there. */
  view(place: number, length: number): Uint8Array {
    const at = place & OFFSET_MASK;
    return this.#blockOf(place).subarray(at, at + length);
  }

  /** Whether a place follows on bytes that begin at another one, so that one view shows both. */
  isBehind(place: number, from: number, length: number): boolean {
    // What begins a block follows on nothing, also where the block before is full.
    return place === from + length && (place & OFFSET_MASK) !== 0;
  }

  /** The 16-bit number, big-endian, that begins at a place. */
  uint16(place: number): number {
    const block = this.#blockOf(place);
    const at = place & OFFSET_MASK;
    return (block[at]! << 8) | block[at + 1]!;
  }

  #blockOf(place: number): Uint8Array {
    return this.#blocks[Math.floor(place / MAX_BLOCK_BYTES)]!;
  }

  /** As large as all blocks before, so that small answers take little and large ones few blocks. */
  #addBlock(least: number): Uint8Array<ArrayBuffer> {
    if (this.#blocks.length === MAX_BLOCKS)
      throw new MessageFormatError('the answer is larger than the 4 GiB that can be held of one');
    const usual = Math.min(Math.max(this.#bytes, FIRST_BLOCK_BYTES), MAX_BLOCK_BYTES);
    const block = new Uint8Array(new ArrayBuffer(Math.max(usual, least, 1)));
    this.#blocks.push(block);
    this.#bytes += block.length;
    this.#used = 0;
    return block;
  }
}
