import { isStartReset, startsOverlap } from './start-timestamps.ts';
import type { RangeInput } from './range-kernel.ts';

/** A growable list of sample indices, reused from series to series. */
export class IndexList {
  length = 0;
  #at = new Int32Array(64);

  get at(): Int32Array {
    return this.#at;
  }

  clear(): void {
    this.length = 0;
  }

  push(index: number): void {
    if (this.length === this.#at.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#at);
      this.#at = larger;
    }
    this.#at[this.length++] = index;
  }
}

/**
 * Finds every sample that follows a counter reset: a fall of the value, or a new start where start timestamps are in
 * use. One pass a series, so that windows need not look for themselves. Reads the values of floats only.
 */
export function findFloatResets(input: RangeInput, resets: IndexList): void {
  const { t, v, st, length } = input;
  resets.clear();
  let previous = v[0]!;
  for (let i = 1; i < length; i++) {
    const current = v[i]!;
    if (current < previous || (st !== undefined && isStartReset(st[i - 1]!, t[i - 1]!, st[i]!, t[i]!))) {
      resets.push(i);
    }
    previous = current;
  }
}

/** Whether the samples [lo, hi) hold two neighbours with overlapping start timestamps. */
export function hasOverlap(t: Float64Array, st: Float64Array, lo: number, hi: number): boolean {
  for (let i = lo + 1; i < hi; i++) if (startsOverlap(st[i - 1]!, t[i - 1]!, st[i]!)) return true;
  return false;
}
