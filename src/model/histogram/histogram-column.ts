import { type Buckets, type FloatHistogram, NO_BUCKETS, type ResetHint } from './float-histogram.ts';
import { type HistogramLayout, layoutOf, layoutsEqual, widthOf } from './layout.ts';

/** Beside the reset hint: buckets of no observations are not there, though the layout has them. */
const SPARSE = 4;
const HINT_BITS = 3;

/** The numbers of histograms of one layout, in columns. */
export interface HistogramNumbers {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly zeroCounts: Float64Array;
  readonly buckets: Float64Array;
}

/** A layout is looked for among so many that came last. */
const RECENT_LAYOUTS = 8;

/**
 * The native histograms of a series or of a row, in columns of numbers: those of a chunk differ in nothing else. Growable;
 * {@link clear} keeps the memory. Hot loops read the columns and write by {@link append} and {@link place}. Everyone else
 * takes histograms out by {@link at}, which makes them when they are first asked for, and puts them in by {@link set}.
 * What was taken out stays as it is whatever happens to the column.
 */
export class HistogramColumn {
  /** Places, with or without a histogram. */
  length = 0;
  /** Which of {@link layouts} the histogram at a place has; -1 where there is none. */
  layoutAt: Int32Array;
  readonly layouts: HistogramLayout[] = [];
  count: Float64Array;
  sum: Float64Array;
  zeroCount: Float64Array;
  /** Where in {@link buckets} the counts of a histogram begin: the positive ones, then the negative ones. */
  offset: Int32Array;
  buckets: Float64Array = new Float64Array(0);
  /** How much of {@link buckets} is in use. */
  used = 0;
  /** A {@link ResetHint} and perhaps {@link SPARSE}. */
  #flags: Uint8Array;
  /** Histograms that were taken out or put in, by place. */
  readonly #views: (FloatHistogram | undefined)[] = [];

  constructor(capacity = 16) {
    this.layoutAt = new Int32Array(capacity).fill(-1);
    this.count = new Float64Array(capacity);
    this.sum = new Float64Array(capacity);
    this.zeroCount = new Float64Array(capacity);
    this.offset = new Int32Array(capacity);
    this.#flags = new Uint8Array(capacity);
  }

  /** A column of these histograms. */
  static of(histograms: readonly (FloatHistogram | undefined)[]): HistogramColumn {
    const column = new HistogramColumn(histograms.length);
    for (const [i, h] of histograms.entries()) if (h !== undefined) column.set(i, h);
    return column;
  }

  /** What the columns take in memory. */
  get byteLength(): number {
    const perPlace = 3 * Float64Array.BYTES_PER_ELEMENT + 2 * Int32Array.BYTES_PER_ELEMENT + 1;
    return this.buckets.byteLength + this.layoutAt.length * perPlace;
  }

  has(i: number): boolean {
    return i >= 0 && i < this.length && this.layoutAt[i]! >= 0;
  }

  hasAny(): boolean {
    for (let i = 0; i < this.length; i++) if (this.layoutAt[i]! >= 0) return true;
    return false;
  }

  /** The histogram at place `i`; undefined where there is none. */
  at(i: number): FloatHistogram | undefined {
    return this.has(i) ? (this.#views[i] ??= this.#viewOf(i)) : undefined;
  }

  /** The same for a reader that comes by once: it is made anew and not kept. */
  passing(i: number): FloatHistogram | undefined {
    return this.has(i) ? (this.#views[i] ?? this.#viewOf(i)) : undefined;
  }

  /** All places. */
  toArray(): readonly (FloatHistogram | undefined)[] {
    return Array.from({ length: this.length }, (_, i) => this.at(i));
  }

  hintAt(i: number): ResetHint {
    return (this.#flags[i]! & HINT_BITS) as ResetHint;
  }

  setHint(i: number, hint: ResetHint): void {
    this.#flags[i] = (this.#flags[i]! & SPARSE) | hint;
    this.#views[i] &&= { ...this.#views[i], resetHint: hint };
  }

  /** Whether buckets without observations are not there. */
  isSparse(i: number): boolean {
    return (this.#flags[i]! & SPARSE) !== 0;
  }

  clear(): void {
    this.layoutAt.fill(-1, 0, this.length);
    this.length = 0;
    this.used = 0;
    this.layouts.length = 0;
    this.#views.length = 0;
  }

  /** Forgets the places from `length` on. */
  truncate(length: number): void {
    if (length >= this.length) return;
    this.layoutAt.fill(-1, length, this.length);
    this.length = length;
    if (this.#views.length > length) this.#views.length = length;
  }

  /** Makes place `i` one without a histogram. */
  unset(i: number): void {
    this.layoutAt[i] = -1;
    if (i < this.#views.length) this.#views[i] = undefined;
  }

  /** Puts a histogram at place `i`. The same object at the place before is not copied again. */
  set(i: number, h: FloatHistogram): void {
    if (i > 0 && this.#views[i - 1] === h) {
      this.repeat(i);
      return;
    }
    const positives = h.positive.count.length;
    const offset = this.place(i, this.layoutIndex(layoutOf(h)), h.resetHint, false);
    this.count[i] = h.count;
    this.sum[i] = h.sum;
    this.zeroCount[i] = h.zeroCount;
    this.buckets.set(h.positive.count, offset);
    this.buckets.set(h.negative.count, offset + positives);
    this.#views[i] = h;
  }

  /** Puts the histogram of place `from`, by default the one before, at place `i` as well. The buckets are shared. */
  repeat(i: number, from: number = i - 1): void {
    this.#reserve(i + 1);
    this.layoutAt[i] = this.layoutAt[from]!;
    this.count[i] = this.count[from]!;
    this.sum[i] = this.sum[from]!;
    this.zeroCount[i] = this.zeroCount[from]!;
    this.offset[i] = this.offset[from]!;
    this.#flags[i] = this.#flags[from]!;
    this.#views[i] = this.#views[from];
    this.length = Math.max(this.length, i + 1);
  }

  /** The number of a layout of this column. Equal ones are one. */
  layoutIndex(layout: HistogramLayout): number {
    const { layouts } = this;
    for (let i = layouts.length - 1; i >= 0 && i >= layouts.length - RECENT_LAYOUTS; i--)
      if (layoutsEqual(layouts[i]!, layout)) return i;
    return layouts.push(layout) - 1;
  }

  /**
   * Makes place `i` one of a histogram of such a layout, whose numbers the caller writes.
   * @param sparse buckets without observations shall not be there.
   * @returns where in `buckets`, which may be another array than before, its counts go.
   */
  place(i: number, layout: number, hint: ResetHint, sparse: boolean): number {
    this.#reserve(i + 1);
    const offset = this.used;
    this.reserveBuckets(widthOf(this.layouts[layout]!));
    this.used = offset + widthOf(this.layouts[layout]!);
    this.layoutAt[i] = layout;
    this.offset[i] = offset;
    this.#flags[i] = sparse ? hint | SPARSE : hint;
    if (this.#views.length > 0) this.#views[i] = undefined;
    if (i >= this.length) this.length = i + 1;
    return offset;
  }

  /** Makes room for so many more counts of buckets. */
  reserveBuckets(extra: number): void {
    const needed = this.used + extra;
    if (needed <= this.buckets.length) return;
    const larger = new Float64Array(Math.max(needed, this.buckets.length * 2));
    larger.set(this.buckets.subarray(0, this.used));
    this.buckets = larger;
  }

  /** Puts the places [from, to) of `source` at place `at`, behind all that are there. */
  append(at: number, source: HistogramColumn, from: number, to: number): void {
    const end = Math.min(to, source.length);
    while (from < end && source.layoutAt[from]! < 0) {
      from++;
      at++;
    }
    if (from >= end) return;
    const places = end - from;
    this.#reserve(at + places);
    this.count.set(source.count.subarray(from, end), at);
    this.sum.set(source.sum.subarray(from, end), at);
    this.zeroCount.set(source.zeroCount.subarray(from, end), at);
    this.#flags.set(source.#flags.subarray(from, end), at);
    this.length = at + places;
    this.#appendBuckets(at, source, from, end);
    if (source.#views.length > from)
      for (let i = from; i < end; i++) this.#views[at + i - from] = source.#views[i];
    else if (this.#views.length > at) this.#views.length = at;
  }

  /**
   * Puts `count` histograms of one layout at place `at` and behind it, where nothing is yet.
   * @param numbers columns that hold as many numbers or more, `buckets` in rows of the layout's width.
   * @param first hint of the first; the others have `rest`.
   */
  appendRun(
    at: number,
    count: number,
    layout: HistogramLayout,
    numbers: HistogramNumbers,
    first: ResetHint,
    rest: ResetHint,
  ): void {
    if (count === 0) return;
    this.#reserve(at + count);
    const width = widthOf(layout);
    this.reserveBuckets(count * width);
    this.layoutAt.fill(this.layoutIndex(layout), at, at + count);
    this.count.set(numbers.counts.subarray(0, count), at);
    this.sum.set(numbers.sums.subarray(0, count), at);
    this.zeroCount.set(numbers.zeroCounts.subarray(0, count), at);
    this.buckets.set(numbers.buckets.subarray(0, count * width), this.used);
    for (let i = 0; i < count; i++) this.offset[at + i] = this.used + i * width;
    this.#flags.fill(rest, at, at + count);
    this.#flags[at] = first;
    this.used += count * width;
    this.length = at + count;
    if (this.#views.length > at) this.#views.length = at;
  }

  /** Puts the histogram of place `from` of another column at place `i`. */
  copy(i: number, source: HistogramColumn, from: number): void {
    const layout = source.layouts[source.layoutAt[from]!]!;
    const begin = source.offset[from]!;
    const width = widthOf(layout);
    const offset = this.place(i, this.layoutIndex(layout), source.hintAt(from), source.isSparse(from));
    this.count[i] = source.count[from]!;
    this.sum[i] = source.sum[from]!;
    this.zeroCount[i] = source.zeroCount[from]!;
    for (let b = 0; b < width; b++) this.buckets[offset + b] = source.buckets[begin + b]!;
    if (source.#views[from] !== undefined) this.#views[i] = source.#views[from];
  }

  /** Moves the histogram, or that there is none, from place `from` to the earlier place `to`. */
  move(from: number, to: number): void {
    if (!this.has(from)) {
      if (to < this.length) this.unset(to);
    } else this.repeat(to, from);
  }

  /** An exact copy of the places [from, to). */
  slice(from: number = 0, to: number = this.length): HistogramColumn {
    const copy = new HistogramColumn(Math.max(0, Math.min(to, this.length) - from));
    copy.append(0, this, from, to);
    return copy;
  }

  /** Layouts and counts; both of neighbours are mostly one block. */
  #appendBuckets(at: number, source: HistogramColumn, from: number, end: number): void {
    let known = -1;
    let index = -1;
    let width = 0;
    let blockFrom = -1;
    let blockTo = -1;
    let shift = 0;
    for (let i = from; i < end; i++) {
      const layout = source.layoutAt[i]!;
      const target = at + i - from;
      if (layout < 0) {
        this.layoutAt[target] = -1;
        continue;
      }
      if (layout !== known) {
        known = layout;
        index = this.layoutIndex(source.layouts[layout]!);
        width = widthOf(source.layouts[layout]!);
      }
      this.layoutAt[target] = index;
      // Without buckets, as before the first observation, no block would ever hold the next place.
      if (width === 0) {
        this.offset[target] = this.used;
        continue;
      }
      const begin = source.offset[i]!;
      if (begin < blockFrom || begin >= blockTo) {
        blockFrom = begin;
        blockTo = source.#endOfBlock(i, end);
        this.reserveBuckets(blockTo - blockFrom);
        shift = this.used - blockFrom;
        this.buckets.set(source.buckets.subarray(blockFrom, blockTo), this.used);
        this.used += blockTo - blockFrom;
      }
      this.offset[target] = begin + shift;
    }
  }

  /** How far the counts from place `i` on, up to place `end`, lie one behind the other. */
  #endOfBlock(i: number, end: number): number {
    let reached = this.offset[i]!;
    for (let next = i; next < end; next++) {
      const layout = this.layoutAt[next]!;
      if (layout < 0) continue;
      const begin = this.offset[next]!;
      if (begin > reached) break;
      reached = Math.max(reached, begin + widthOf(this.layouts[layout]!));
    }
    return reached;
  }

  #viewOf(i: number): FloatHistogram {
    const layout = this.layouts[this.layoutAt[i]!]!;
    const { positiveIndex, negativeIndex } = layout;
    const begin = this.offset[i]!;
    const middle = begin + positiveIndex.length;
    return {
      schema: layout.schema,
      resetHint: this.hintAt(i),
      count: this.count[i]!,
      sum: this.sum[i]!,
      zeroThreshold: layout.zeroThreshold,
      zeroCount: this.zeroCount[i]!,
      positive: this.#bucketsOf(i, positiveIndex, begin),
      negative: this.#bucketsOf(i, negativeIndex, middle),
      customValues: layout.customValues,
    };
  }

  #bucketsOf(i: number, index: Int32Array, begin: number): Buckets {
    if (index.length === 0) return NO_BUCKETS;
    const { buckets } = this;
    const end = begin + index.length;
    let populated = index.length;
    if (this.isSparse(i)) for (let at = begin; at < end; at++) if (buckets[at] === 0) populated--;
    if (populated === index.length) return { index, count: buckets.slice(begin, end) };
    if (populated === 0) return NO_BUCKETS;
    const kept = { index: new Int32Array(populated), count: new Float64Array(populated) };
    for (let at = begin, to = 0; at < end; at++) {
      if (buckets[at] === 0) continue;
      kept.index[to] = index[at - begin]!;
      kept.count[to++] = buckets[at]!;
    }
    return kept;
  }

  #reserve(places: number): void {
    const old = this.layoutAt;
    if (places <= old.length) return;
    const capacity = Math.max(places, old.length * 2);
    this.layoutAt = new Int32Array(capacity).fill(-1);
    this.layoutAt.set(old);
    this.count = grown(this.count, capacity);
    this.sum = grown(this.sum, capacity);
    this.zeroCount = grown(this.zeroCount, capacity);
    const offset = new Int32Array(capacity);
    offset.set(this.offset);
    this.offset = offset;
    const flags = new Uint8Array(capacity);
    flags.set(this.#flags);
    this.#flags = flags;
  }
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
