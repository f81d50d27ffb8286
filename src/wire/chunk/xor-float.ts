import type { BitReader } from './bit-reader.ts';
import { ChunkFormatError } from './chunk-format-error.ts';

/** The two halves of the stale marker's bits, see model/stale.ts. */
export const STALE_HIGH = 0x7ff00000;
export const STALE_LOW = 2;

const scratch = new Float64Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The float64 with these bits. */
export function floatFromBits(high: number, low: number): number {
  scratchBits[0] = low;
  scratchBits[1] = high;
  return scratch[0]!;
}

/** Reads the 64 bits of a float as they are. */
export function readFloat(reader: BitReader): number {
  reader.read64(64);
  return floatFromBits(reader.high, reader.low);
}

/**
 * A float64 that is stored as the XOR with its predecessor (Facebook's Gorilla paper, 4.1.3; Prometheus
 * tsdb/chunkenc). The value is kept as two halves, so that the bits of every NaN survive.
 */
export class XorFloat {
  high = 0;
  low = 0;
  #leading = 0;
  #significant = 64;

  get value(): number {
    return floatFromBits(this.high, this.low);
  }

  get isStale(): boolean {
    return this.high === STALE_HIGH && this.low === STALE_LOW;
  }

  set(high: number, low: number): void {
    this.high = high;
    this.low = low;
  }

  /** The first value of a chunk, which is stored whole. */
  readFirst(reader: BitReader): void {
    reader.read64(64);
    this.set(reader.high, reader.low);
  }

  /** `0`: unchanged; `10`: the window of changed bits as before; `11`: a new window. */
  readNext(reader: BitReader): void {
    if (reader.bit() === 0) return;
    if (reader.bit() === 1) this.readWindow(reader);
    this.readChange(reader);
  }

  /** A window of changed bits: 5 bits of leading zeros, 6 bits of width where 0 means 64. */
  readWindow(reader: BitReader): void {
    this.#leading = reader.bits(5);
    this.#significant = reader.bits(6) || 64;
    if (this.#leading + this.#significant > 64)
      throw new ChunkFormatError(
        `a chunk holds a value with ${this.#leading} leading and ${this.#significant} significant bits, more than 64`,
      );
  }

  /** The changed bits themselves, applied to the value. */
  readChange(reader: BitReader): void {
    reader.read64(this.#significant);
    const trailing = 64 - this.#leading - this.#significant;
    let { high, low } = reader;
    if (trailing >= 32) {
      high = low << (trailing - 32);
      low = 0;
    } else if (trailing > 0) {
      high = (high << trailing) | (low >>> (32 - trailing));
      low <<= trailing;
    }
    this.high = (this.high ^ high) >>> 0;
    this.low = (this.low ^ low) >>> 0;
  }
}
