import { Buffer } from 'node:buffer';

/** Of a chunk, unless one piece of text is larger. */
export const CHUNK_BYTES = 65_536;
/** So many chunks are kept for those that come. More are under way where a connection takes them slowly, and then are not needed soon. */
const MOST_FREE = 4;

interface UnderWay {
  readonly memory: Buffer;
  /** Bytes of the body up to the end of this chunk. */
  readonly end: number;
}

/**
 * The memory of the chunks of one body. That of a chunk which was sent is used again. Left to the collector, up to 64 MiB of a long body
 * would pile up: chunks lie outside of the JavaScript heap, and only then V8 looks for those that are unused, unless the heap fills up
 * before (Heap::AllocateExternalBackingStore). To copy labels into chunks makes hardly anything in the heap.
 */
export class ChunkMemory {
  /** That were made here: a small chunk may be a part of memory that others use, too. */
  readonly #own = new WeakSet<ArrayBufferLike>();
  /** In the order in which they are sent. */
  readonly #underWay: UnderWay[] = [];
  readonly #free: Buffer[] = [];
  #handedOut = 0;
  #unsent: () => number = () => Infinity;

  /** At least so many bytes of memory, which may hold anything. */
  take(bytes: number): Buffer {
    if (bytes > CHUNK_BYTES) return Buffer.allocUnsafe(bytes);
    this.#reclaim();
    const memory = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#own.add(memory.buffer);
    return memory;
  }

  /** To be called for each chunk right before it goes into the body. */
  handOut({ buffer, length }: Uint8Array): void {
    this.#reclaim();
    this.#handedOut += length;
    if (this.#own.has(buffer)) this.#underWay.push({ memory: Buffer.from(buffer), end: this.#handedOut });
  }

  /**
   * From now on chunks are used again.
   * @param unsent how many bytes of what was handed out somebody may still look at; more than that does no harm, less does.
   */
  reuse(unsent: () => number): void {
    this.#unsent = unsent;
  }

  #reclaim(): void {
    if (this.#underWay.length === 0) return;
    const sent = this.#handedOut - this.#unsent();
    while (this.#underWay.length > 0 && this.#underWay[0]!.end <= sent) {
      const { memory } = this.#underWay.shift()!;
      if (this.#free.length < MOST_FREE) this.#free.push(memory);
    }
  }
}
