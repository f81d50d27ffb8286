/** How much chunks are together. */
export interface ChunkWeight {
  chunks: number;
  bytes: number;
  /** That the chunks claim to hold. */
  samples: number;
}

/**
 * Chunks as columns of buffers of their own, which can be handed to another thread: made for a known weight, filled chunk by
 * chunk.
 */
export class ChunkColumns {
  readonly encodings: Uint8Array;
  readonly minTimes: Float64Array;
  readonly maxTimes: Float64Array;
  readonly sizes: Uint32Array;
  /** The bytes of the chunks, one after the other. */
  readonly bytes: Uint8Array;
  #chunks = 0;
  #bytes = 0;

  constructor({ chunks, bytes }: Pick<ChunkWeight, 'chunks' | 'bytes'>) {
    this.encodings = new Uint8Array(chunks);
    this.minTimes = new Float64Array(chunks);
    this.maxTimes = new Float64Array(chunks);
    this.sizes = new Uint32Array(chunks);
    this.bytes = new Uint8Array(bytes);
  }

  /** How many there are so far. */
  get length(): number {
    return this.#chunks;
  }

  /** Adds a chunk of so many bytes, which {@link addBytes} brings. Times in ms. */
  add(encoding: number, minTime: number, maxTime: number, size: number): void {
    const chunk = this.#chunks++;
    this.encodings[chunk] = encoding;
    this.minTimes[chunk] = minTime;
    this.maxTimes[chunk] = maxTime;
    this.sizes[chunk] = size;
  }

  /** Copies the bytes of the next chunks, in their order. */
  addBytes(data: Uint8Array): void {
    this.bytes.set(data, this.#bytes);
    this.#bytes += data.length;
  }
}
