import type { Pace } from './pacer.ts';

/** How many comparisons pass between two looks at the clock. */
const LOOK_EVERY = 64;

/** Where items [start, next start) are in order; the last entry is the number of items. */
type Runs = readonly number[];

/**
 * Sorts as `toSorted` does, equal items staying in their order, and gives way to others on the way. Stretches that are in
 * order already are merged as they are: lists of servers put one behind the other cost a comparison or two an item.
 * @throws what the pace throws, where the request ended meanwhile.
 */
export async function sortPaced<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  pace: Pace,
): Promise<T[]> {
  return new Sorter(compare, pace).sort([...items], () => [...items]);
}

/** The same for numbers in a row of bytes. Sorts the array itself, and returns it or a copy of it. */
export async function sortNumbersPaced(
  items: Int32Array<ArrayBuffer>,
  compare: (a: number, b: number) => number,
  pace: Pace,
): Promise<Int32Array<ArrayBuffer>> {
  return new Sorter(compare, pace).sort(items, () => items.slice());
}

interface Items<T> {
  readonly length: number;
  [index: number]: T;
}

/** The same, and of items that compare as equal the first one alone. */
export async function sortDistinct<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  pace: Pace,
): Promise<readonly T[]> {
  const sorted = await sortPaced(items, compare, pace);
  let kept = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (kept === 0 || compare(sorted[kept - 1]!, sorted[at]!) !== 0) sorted[kept++] = sorted[at]!;
    if (at % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
  }
  sorted.length = kept;
  return sorted;
}

class Sorter<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #pace: Pace;
  #steps = 0;

  constructor(compare: (a: T, b: T) => number, pace: Pace) {
    this.#compare = compare;
    this.#pace = pace;
  }

  /** @param spare makes room for as many items, where it is needed. */
  async sort<I extends Items<T>>(items: I, spare: () => I): Promise<I> {
    let from = items;
    let runs = await this.findRuns(from);
    if (runs.length <= 2) return from;
    let to = spare();
    while (runs.length > 2) {
      runs = await this.mergePairs(from, to, runs);
      [from, to] = [to, from];
    }
    return from;
  }

  /** Finds the stretches in order, turning round those that strictly fall. */
  async findRuns(items: Items<T>): Promise<Runs> {
    const runs = [0];
    for (let start = 0; start < items.length;) {
      let end = start + 1;
      const falls = end < items.length && this.#compare(items[start]!, items[end]!) > 0;
      for (; end < items.length; end++) {
        const order = this.#compare(items[end - 1]!, items[end]!);
        if (falls ? order <= 0 : order > 0) break;
        if (this.#isDue()) await this.#pace.breathe();
      }
      if (falls) reverse(items, start, end);
      if (this.#isDue()) await this.#pace.breathe();
      runs.push(end);
      start = end;
    }
    return runs;
  }

  /** Merges each two neighbouring runs of `from` into one of `to`; one that is left over is copied. */
  async mergePairs(from: Readonly<Items<T>>, to: Items<T>, runs: Runs): Promise<Runs> {
    const merged = [0];
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const [start, middle] = [runs[run]!, runs[run + 1]!];
      const end = runs[run + 2] ?? middle;
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || this.#compare(from[left]!, from[right]!) <= 0);
        to[at] = takesLeft ? from[left++]! : from[right++]!;
        if (this.#isDue()) await this.#pace.breathe();
      }
      merged.push(end);
    }
    return merged;
  }

  #isDue(): boolean {
    return ++this.#steps % LOOK_EVERY === 0 && this.#pace.due();
  }
}

function reverse<T>(items: Items<T>, start: number, end: number): void {
  for (let i = start, j = end - 1; i < j; i++, j--) [items[i], items[j]] = [items[j]!, items[i]!];
}
