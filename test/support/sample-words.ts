import type { Buckets } from '../../src/model/histogram/float-histogram.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';

/** Which columns {@link sampleWords} lays out. */
interface WordOptions {
  readonly starts: boolean;
}

/**
 * Lays every sample out as 64-bit words, so that two decoders can be compared bit for bit: time, start time (on
 * request), value or sum; for a histogram then schema, count, zero threshold, zero count, reset hint, and the number
 * and content of positive buckets, negative buckets (index, count) and custom values. All are little-endian float64.
 */
export function sampleWords(columns: SampleColumns, { starts }: WordOptions): Uint8Array {
  const words = new Words();
  for (let i = 0; i < columns.length; i++) {
    words.push(columns.t[i]!);
    if (starts) words.push(columns.st?.[i] ?? 0);
    const h = columns.h?.at(i);
    words.copy(h === undefined ? columns.v : Float64Array.of(h.sum), h === undefined ? i : 0);
    if (h === undefined) continue;
    words.push(h.schema, h.count, h.zeroThreshold, h.zeroCount, h.resetHint);
    words.pushBuckets(h.positive);
    words.pushBuckets(h.negative);
    words.push(h.customValues.length, ...h.customValues);
  }
  return words.bytes();
}

class Words {
  #words = new Float64Array(1024);
  #length = 0;

  push(...values: readonly number[]): void {
    this.#reserve(values.length);
    for (const value of values) this.#words[this.#length++] = value;
  }

  /** Copies one element without looking at it, so that the bits of a NaN stay. */
  copy(source: Float64Array, index: number): void {
    this.#reserve(1);
    this.#words.set(source.subarray(index, index + 1), this.#length++);
  }

  pushBuckets({ index, count }: Buckets): void {
    this.push(index.length);
    for (let i = 0; i < index.length; i++) this.push(index[i]!, count[i]!);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, this.#length * 8);
  }

  #reserve(extra: number): void {
    if (this.#length + extra <= this.#words.length) return;
    const larger = new Float64Array(2 * (this.#length + extra));
    larger.set(this.#words);
    this.#words = larger;
  }
}
