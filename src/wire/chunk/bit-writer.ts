/** Largest magnitude that each size of the variable bit ranges holds, with its size; see BitReader. */
const VARBIT_SIZES: readonly number[] = [3, 6, 9, 12, 18, 25, 56];

/** Writes a chunk bit by bit, most significant bit first: the opposite of BitReader. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #position = 0;

  /** Writes the lower `count` bits, up to 32, of `value`. */
  bits(value: number, count: number): void {
    if (this.#position + count > this.#bytes.length * 8) this.#grow();
    for (let left = count; left > 0;) {
      const free = 8 - (this.#position & 7);
      const taken = Math.min(free, left);
      left -= taken;
      const part = (value >>> left) & ((1 << taken) - 1);
      this.#bytes[this.#position >>> 3]! |= part << (free - taken);
      this.#position += taken;
    }
  }

  /** Writes the lower `count` bits, up to 64, of a number that comes in two halves. */
  bits64(high: number, low: number, count: number): void {
    if (count > 32) this.bits(high, count - 32);
    this.bits(low, Math.min(count, 32));
  }

  /** Writes a whole number in two's complement. */
  int(value: number, count: number): void {
    this.bits64(Math.floor(value / 2 ** 32), value, count);
  }

  varbitUint(value: number): void {
    this.#varbit(
      value,
      VARBIT_SIZES.findIndex((size) => value < 2 ** size),
    );
  }

  varbitInt(value: number): void {
    this.#varbit(
      value,
      VARBIT_SIZES.findIndex((size) => fitsSkewed(value, size)),
    );
  }

  uvarint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bits((rest % 0x80) | 0x80, 8);
    this.bits(rest, 8);
  }

  /** A zigzag varint. The number without its sign bit goes first, so that all integers of a float64 stay exact. */
  varint(value: number): void {
    const magnitude = value < 0 ? -value - 1 : value;
    const first = ((magnitude % 0x40) << 1) | (value < 0 ? 1 : 0);
    const rest = Math.floor(magnitude / 0x40);
    this.bits(first | (rest > 0 ? 0x80 : 0), 8);
    if (rest > 0) this.uvarint(rest);
  }

  /** Sets a byte that was written before, at a byte's boundary. */
  patch(index: number, byte: number): void {
    this.#bytes[index] = byte;
  }

  /** A copy of the bytes; bits that are left in the last one are 0. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, Math.ceil(this.#position / 8));
  }

  /** As many one bits as there are smaller sizes, a zero bit, the number; zero is a single bit. */
  #varbit(value: number, range: number): void {
    if (value === 0) {
      this.bits(0, 1);
    } else if (range === -1) {
      this.bits(0xff, 8);
      this.int(value, 64);
    } else {
      this.bits((2 << (range + 1)) - 2, range + 2);
      this.int(value, VARBIT_SIZES[range]!);
    }
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Whether `size` bits hold the number, of which all but the largest half mean negative ones (BitReader.skewedInt). */
export function fitsSkewed(value: number, size: number): boolean {
  return value > -(2 ** (size - 1)) && value <= 2 ** (size - 1);
}
