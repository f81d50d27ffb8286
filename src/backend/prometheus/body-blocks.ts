/** Blocks from this size on are memory of their own, which goes back to the system when it is freed (see `cli/freed-memory.ts`). */
const FIRST_BLOCK_BYTES = 128 * 1024;
/** For what is small nearly always, such as what stands around a list, or the one item that lies in two parts. */
export const SMALL_BLOCK_BYTES = 512;
const MOST_BLOCK_BYTES = 4 * 1024 * 1024;

/**
 * The bytes of a body in a few large blocks. What arrives are views on buffers of the connection: to keep those would keep the whole
 * buffer for each of them, and leave holes between small blocks that never go back to the system. Blocks grow with what has arrived,
 * so that what is claimed takes nothing.
 */
export class BodyBlocks {
  /** Those that are full, and the one that is being filled. */
  readonly #blocks: Buffer[] = [];
  #used = 0;
  readonly #firstBytes: number;
  /** Bytes so far. */
  length = 0;

  /** @param firstBytes of the first block. */
  constructor(firstBytes: number = FIRST_BLOCK_BYTES) {
    this.#firstBytes = firstBytes;
  }

  /** Copies what arrived. */
  push(part: Uint8Array): void {
    let at = 0;
    while (at < part.length) {
      const block = this.#blockWithRoom();
      const end = Math.min(part.length, at + block.length - this.#used);
      block.set(part.subarray(at, end), this.#used);
      this.#used += end - at;
      this.length += end - at;
      at = end;
    }
  }

  /** Takes the blocks out one after the other, in order, so that each may be let go once it was copied. */
  *take(): Generator<Uint8Array> {
    let left = this.length;
    this.length = 0;
    for (let block = this.#blocks.shift(); block !== undefined; block = this.#blocks.shift()) {
      yield block.subarray(0, Math.min(block.length, left));
      left -= block.length;
    }
    this.#used = 0;
  }

  #blockWithRoom(): Buffer {
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.#used < last.length) return last;
    const size = Math.min(Math.max(this.length, this.#firstBytes), MOST_BLOCK_BYTES);
    const block = Buffer.allocUnsafeSlow(size);
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }
}
