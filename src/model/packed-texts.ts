import { Buffer } from 'node:buffer';
import { QueryError } from './errors.ts';
import type { ItemList } from './lazy-list.ts';

/** Places are numbers: the block in the high bits, the offset in the low ones. */
const OFFSET_BITS = 20;
const MOST_BLOCK_BYTES = 2 ** OFFSET_BITS;
const OFFSET_MASK = MOST_BLOCK_BYTES - 1;
const FIRST_BLOCK_BYTES = 512;
const FIRST_CAPACITY = 16;
/** Places have 32 bits. */
const MOST_BLOCKS = 2 ** (32 - OFFSET_BITS);
/** Texts up to this length are copied faster byte by byte than through a view. */
const SHORT_BYTES = 48;

/**
 * A list of texts that is held as UTF-8, outside of the JavaScript heap: the bytes of a text and four more, where a string takes some
 * thirty beside its characters. A text becomes a string when it is looked at. What was added is never moved or changed.
 */
export class PackedTexts implements ItemList<string> {
  readonly #mostBlocks: number;
  readonly #blocks: Buffer[] = [];
  /** Of each block, the bytes that texts take. */
  readonly #used: number[] = [];
  #starts = new Uint32Array(FIRST_CAPACITY);
  #length = 0;
  #blockBytes = 0;

  constructor(mostBlocks: number = MOST_BLOCKS) {
    this.#mostBlocks = mostBlocks;
  }

  get length(): number {
    return this.#length;
  }

  /** Memory that the list takes. */
  get bytes(): number {
    return this.#blockBytes + this.#starts.byteLength;
  }

  /**
   * Adds the text of the bytes in [start, end), which are copied and must be valid UTF-8.
   * @throws QueryError `too_large` where the list has no room for it.
   */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    let last = this.#blocks.length - 1;
    // Even nothing has a place of its own, which a full block has no more.
    if (last < 0 || this.#used[last]! + Math.max(length, 1) > this.#blocks[last]!.length) {
      this.#addBlock(length);
      last++;
    }
    const block = this.#blocks[last]!;
    const at = this.#used[last]!;
    if (length <= SHORT_BYTES) for (let i = 0; i < length; i++) block[at + i] = bytes[start + i]!;
    else block.set(bytes.subarray(start, end), at);
    this.#used[last] = at + length;
    if (this.#length === this.#starts.length) this.#starts = withRoom(this.#starts);
    this.#starts[this.#length++] = last * MOST_BLOCK_BYTES + at;
  }

  /** Adds a text. Halves of characters, which UTF-8 has no form for, become U+FFFD. */
  addText(text: string): void {
    const bytes = Buffer.from(text);
    this.add(bytes, 0, bytes.length);
  }

  /** Adds a text of another list. */
  addOf(other: PackedTexts, index: number): void {
    this.add(other.blockOf(index), other.startOf(index), other.endOf(index));
  }

  /** The bytes among which those of a text are, from {@link startOf} to {@link endOf}. Counts from 0 up to the length alone, as those do. */
  blockOf(index: number): Uint8Array {
    return this.#blocks[this.#starts[index]! >>> OFFSET_BITS]!;
  }

  startOf(index: number): number {
    return this.#starts[index]! & OFFSET_MASK;
  }

  endOf(index: number): number {
    const block = this.#starts[index]! >>> OFFSET_BITS;
    const isLastOfBlock = index + 1 === this.#length || this.#starts[index + 1]! >>> OFFSET_BITS !== block;
    return isLastOfBlock ? this.#used[block]! : this.#starts[index + 1]! & OFFSET_MASK;
  }

  /** The order of two texts by their bytes, as Prometheus (Go) has it; the same as that of `compareStrings`. */
  compare(index: number, other: PackedTexts, otherIndex: number): number {
    const [a, b] = [this.blockOf(index), other.blockOf(otherIndex)];
    const [aEnd, bEnd] = [this.endOf(index), other.endOf(otherIndex)];
    let i = this.startOf(index);
    let j = other.startOf(otherIndex);
    for (; i < aEnd && j < bEnd; i++, j++) if (a[i] !== b[j]) return a[i]! - b[j]!;
    return aEnd - i - (bEnd - j);
  }

  /** Counts from 0 alone, other than an array does. */
  at(index: number): string | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    const block = this.#blocks[this.#starts[index]! >>> OFFSET_BITS]!;
    return block.toString('utf8', this.startOf(index), this.endOf(index));
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.#length; index++) yield this.at(index)!;
  }

  /** As large as all blocks before, so that short lists take little and long ones few blocks. */
  #addBlock(least: number): void {
    if (this.#blocks.length === this.#mostBlocks)
      throw new QueryError(
        'too_large',
        'a list of texts is larger than the 4 GiB that can be held of one; ask for less',
      );
    const usual = Math.min(Math.max(this.#blockBytes, FIRST_BLOCK_BYTES), MOST_BLOCK_BYTES);
    const block = Buffer.allocUnsafeSlow(Math.max(usual, least));
    this.#blocks.push(block);
    this.#used.push(0);
    this.#blockBytes += block.length;
  }
}

/** A transfer frees the old memory at once. Left to the collector, it would pile up. */
function withRoom(places: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = places.length + (places.length >> 1);
  return new Uint32Array(places.buffer.transfer(larger * places.BYTES_PER_ELEMENT));
}
