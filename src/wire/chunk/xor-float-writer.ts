import type { BitWriter } from './bit-writer.ts';

/** The window of changed bits has five bits for its leading zeros. */
const MAX_LEADING = 31;

const scratch = new Float64Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Writes a float64 as the XOR with its predecessor: the opposite of XorFloat. */
export class XorFloatWriter {
  #high = 0;
  #low = 0;
  #leading = -1;
  #trailing = 0;

  writeFirst(writer: BitWriter, value: number): void {
    scratch[0] = value;
    this.writeFirstBits(writer, scratchBits[1]!, scratchBits[0]!);
  }

  writeNext(writer: BitWriter, value: number): void {
    scratch[0] = value;
    this.writeNextBits(writer, scratchBits[1]!, scratchBits[0]!);
  }

  /** For values that may be stale markers, whose bits must not pass through an array of numbers. */
  writeFirstBits(writer: BitWriter, high: number, low: number): void {
    this.#high = high;
    this.#low = low;
    writer.bits64(high, low, 64);
  }

  writeNextBits(writer: BitWriter, newHigh: number, newLow: number): void {
    const high = newHigh ^ this.#high;
    const low = newLow ^ this.#low;
    this.#high = newHigh;
    this.#low = newLow;
    if (high === 0 && low === 0) {
      writer.bits(0, 1);
      return;
    }
    const leading = Math.min(high === 0 ? 32 + Math.clz32(low) : Math.clz32(high), MAX_LEADING);
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    const fits = this.#leading !== -1 && leading >= this.#leading && trailing >= this.#trailing;
    writer.bits(fits ? 0b10 : 0b11, 2);
    if (!fits) {
      this.#leading = leading;
      this.#trailing = trailing;
      writer.bits(leading, 5);
      // 64 bits do not fit into six, but 0 is never needed and stands for them.
      writer.bits(64 - leading - trailing, 6);
    }
    const shift = this.#trailing;
    const shiftedLow =
      shift >= 32 ? high >>> (shift - 32) : shift === 0 ? low : (low >>> shift) | (high << (32 - shift));
    writer.bits64(shift >= 32 ? 0 : high >>> shift, shiftedLow, 64 - this.#leading - shift);
  }
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
