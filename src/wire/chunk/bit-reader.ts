import { ChunkFormatError } from './chunk-format-error.ts';

/** Sizes of the variable bit ranges by number of leading one bits (Prometheus tsdb/chunkenc, varbit). */
const VARBIT_SIZES: readonly number[] = [0, 3, 6, 9, 12, 18, 25, 56, 64];

/**
 * Reads a chunk bit by bit, most significant bit first. 64-bit integers come back as float64: exact up to 2^53,
 * rounded beyond. Every read checks the end and throws {@link ChunkFormatError} where the chunk is cut off.
 */
export class BitReader {
  /** Halves of the number that {@link read64} read last. */
  high = 0;
  low = 0;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position: number;

  /** Starts at byte `start`. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#position = start * 8;
    this.#end = bytes.length * 8;
  }

  /** The bit that is read next. */
  get position(): number {
    return this.#position;
  }

  /** Bits that are left. What a header claims can be held against it before memory is taken. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  bit(): number {
    const position = this.#advance(1);
    return (this.#bytes[position >>> 3]! >>> (7 - (position & 7))) & 1;
  }

  /** Reads up to 32 bits as an unsigned number. */
  bits(count: number): number {
    if (count === 0) return 0;
    const position = this.#advance(count);
    const shift = position & 7;
    const at = position >>> 3;
    const bytes = this.#bytes;
    const word =
      (bytes[at]! << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const aligned = shift === 0 ? word : (word << shift) | ((bytes[at + 4] ?? 0) >>> (8 - shift));
    return aligned >>> (32 - count);
  }

  /** Reads up to 64 bits, right-aligned, into {@link high} and {@link low}. */
  read64(count: number): void {
    this.high = count > 32 ? this.bits(count - 32) : 0;
    this.low = this.bits(Math.min(count, 32));
  }

  /** Number of one bits before the next zero bit, at most `limit`; the zero bit is consumed too. */
  ones(limit: number): number {
    let count = 0;
    while (count < limit && this.bit() === 1) count++;
    return count;
  }

  varbitUint(): number {
    this.read64(VARBIT_SIZES[this.ones(8)]!);
    return this.high * 2 ** 32 + this.low;
  }

  varbitInt(): number {
    const size = VARBIT_SIZES[this.ones(8)]!;
    if (size === 0) return 0;
    this.read64(size);
    if (size === 64) return (this.high | 0) * 2 ** 32 + this.low;
    return this.#signed(size);
  }

  /**
   * Reads `size` bits of which all but the largest half mean negative numbers: -(2^(size-1) - 1) … 2^(size-1).
   */
  skewedInt(size: number): number {
    this.read64(size);
    return this.#signed(size);
  }

  #signed(size: number): number {
    const half = 2 ** (size - 1);
    const unsigned = this.high * 2 ** 32 + this.low;
    // Subtract in halves, because 56 bits do not fit a float64 but small negative numbers must be exact.
    if (unsigned <= half) return unsigned;
    return size > 32 ? (this.high - 2 ** (size - 32)) * 2 ** 32 + this.low : unsigned - 2 * half;
  }

  /** A varint of bytes at any bit position (Go encoding/binary.Uvarint). */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bits(8);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new ChunkFormatError('a chunk holds a varint of more than 10 bytes');
  }

  /** A zigzag varint of bytes (Go encoding/binary.Varint). */
  varint(): number {
    const first = this.bits(8);
    let magnitude = (first & 0x7f) >>> 1;
    let byte = first;
    for (let shift = 6; byte >= 0x80; shift += 7) {
      if (shift > 62) throw new ChunkFormatError('a chunk holds a varint of more than 10 bytes');
      byte = this.bits(8);
      magnitude += (byte & 0x7f) * 2 ** shift;
    }
    return (first & 1) === 0 ? magnitude : -magnitude - 1;
  }

  #advance(count: number): number {
    const position = this.#position;
    this.#position = position + count;
    if (this.#position > this.#end) throw new ChunkFormatError(this.#cutOff());
    return position;
  }

  #cutOff(): string {
    return `a chunk of ${this.#bytes.length} bytes ends in the middle of a sample`;
  }
}
