import type { Pace } from '../../../model/pacer.ts';

/** Which value gives way to which: `lowest` keeps the k greatest (topk), `highest` the k smallest (bottomk). */
export type HeapTop = 'lowest' | 'highest';

const GO_INSERTION_LIMIT = 12;
/** How many samples are put into their places between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * The picked samples of one group: a heap a step, in columns, with the value on top that is the next to go. Grows and
 * orders exactly as Go's container/heap over Prometheus' vectors, because that decides which of equal values stay and
 * in what order limitk shows them.
 */
export class StepHeaps {
  readonly #capacity: number;
  readonly #sign: 1 | -1;
  readonly #size: Int32Array;
  readonly #value: Float64Array;
  readonly #series: Int32Array;

  /** @param capacity the most samples that any step will hold. */
  constructor(stepCount: number, capacity: number, top: HeapTop) {
    this.#capacity = capacity;
    this.#sign = top === 'lowest' ? 1 : -1;
    this.#size = new Int32Array(stepCount);
    this.#value = new Float64Array(stepCount * capacity);
    this.#series = new Int32Array(stepCount * capacity);
  }

  size(step: number): number {
    return this.#size[step]!;
  }

  /** Adds a sample without looking at others. The step must have room. */
  push(step: number, series: number, value: number): void {
    const base = step * this.#capacity;
    let at = this.#size[step]!++;
    this.#set(base + at, series, value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(base + at, base + parent)) break;
      this.#swap(base + at, base + parent);
      at = parent;
    }
  }

  /** Keeps the sample where the step holds fewer than `k`, or in place of the top where it is better than that. */
  offer(step: number, series: number, value: number, k: number): void {
    if (this.#size[step]! < k) {
      this.push(step, series, value);
      return;
    }
    const base = step * this.#capacity;
    const top = this.#value[base]!;
    const isBetter = value * this.#sign > top * this.#sign || (top !== top && value === value);
    if (!isBetter) return;
    this.#set(base, series, value);
    this.#sink(base, this.#size[step]!);
  }

  /** Puts the best sample of the step first and NaNs last. Afterwards the step takes no more samples. */
  sort(step: number, pace: Pace): void | Promise<void> {
    const base = step * this.#capacity;
    const size = this.#size[step]!;
    // Go sorts short slices by stable insertion; in longer ones the order of equal values is arbitrary.
    if (size > GO_INSERTION_LIMIT) return this.#heapSort(base, size, pace);
    this.#insertionSort(base, base + size);
    return undefined;
  }

  /** The series of the sample at `position` of the step. */
  seriesAt(step: number, position: number): number {
    return this.#series[step * this.#capacity + position]!;
  }

  valueAt(step: number, position: number): number {
    return this.#value[step * this.#capacity + position]!;
  }

  #insertionSort(base: number, end: number): void {
    for (let i = base + 1; i < end; i++) {
      for (let j = i; j > base && this.#isBefore(j - 1, j); j--) this.#swap(j, j - 1);
    }
  }

  async #heapSort(base: number, size: number, pace: Pace): Promise<void> {
    for (let left = size - 1; left > 0; left--) {
      this.#swap(base, base + left);
      this.#sink(base, left);
      if (left % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    }
  }

  #sink(base: number, size: number): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) return;
      const right = left + 1;
      const child = right < size && this.#isBefore(base + right, base + left) ? right : left;
      if (!this.#isBefore(base + child, base + at)) return;
      this.#swap(base + at, base + child);
      at = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const x = this.#value[a]!;
    return x !== x || x * this.#sign < this.#value[b]! * this.#sign;
  }

  #set(at: number, series: number, value: number): void {
    this.#series[at] = series;
    this.#value[at] = value;
  }

  #swap(a: number, b: number): void {
    const series = this.#series[a]!;
    const value = this.#value[a]!;
    this.#set(a, this.#series[b]!, this.#value[b]!);
    this.#set(b, series, value);
  }
}
