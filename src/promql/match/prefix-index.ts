/**
 * Finds which of many texts a value starts with, by binary search. All prefixes of a value among sorted texts are on one
 * chain: the last text that is not behind the value, the longest other text that this one starts with, and so on.
 */
export class PrefixIndex {
  readonly #sorted: readonly string[];
  /** Index of the longest other text that a text starts with; -1 where there is none. */
  readonly #shorter: Int32Array;
  /** The most texts that start with each other, which is the most that a value can start with. */
  readonly depth: number;

  constructor(texts: Iterable<string>) {
    const sorted = [...new Set(texts)].sort();
    const depths = new Int32Array(sorted.length);
    this.#shorter = new Int32Array(sorted.length);
    let depth = 0;
    for (const [i, text] of sorted.entries()) {
      let shorter = i - 1;
      while (shorter >= 0 && !text.startsWith(sorted[shorter]!)) shorter = this.#shorter[shorter]!;
      this.#shorter[i] = shorter;
      depths[i] = shorter < 0 ? 1 : depths[shorter]! + 1;
      depth = Math.max(depth, depths[i]);
    }
    this.#sorted = sorted;
    this.depth = depth;
  }

  /** The texts that start with none of the others, sorted. */
  roots(): readonly string[] {
    return this.#sorted.filter((_, i) => this.#shorter[i]! < 0);
  }

  /** Whether the length of a text that the value starts with passes the test; the longest is tried first. */
  some(value: string, test: (length: number) => boolean): boolean {
    for (let i = this.#last(value); i >= 0; i = this.#shorter[i]!) {
      const text = this.#sorted[i]!;
      if (value.startsWith(text) && test(text.length)) return true;
    }
    return false;
  }

  /** Index of the last text that is not behind the value in the order; -1 where there is none. */
  #last(value: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
