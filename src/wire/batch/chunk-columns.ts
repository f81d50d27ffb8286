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

  /** Times in ms; the bytes are copied. */
  add(encoding: number, minTime: number, maxTime: number, data: Uint8Array): void {
    const chunk = this.#chunks++;
    this.encodings[chunk] = encoding;
    this.minTimes[chunk] = minTime;
    this.maxTimes[chunk] = maxTime;
    this.sizes[chunk] = data.length;
    this.bytes.set(data, this.#bytes);
    this.#bytes += data.length;
  }
}
