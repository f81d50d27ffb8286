import type { ColumnSlab } from './column-slab.ts';
import type { FloatHistogram } from './histogram/float-histogram.ts';
import { HistogramColumn } from './histogram/histogram-column.ts';

/**
 * The samples of one series as parallel columns, timestamps strictly ascending. Only the first `length` entries
 * count: arrays may be longer, because buffers are reused.
 */
export interface SampleColumns {
  readonly length: number;
  /** Milliseconds since the epoch, whole numbers. */
  readonly t: Float64Array;
  /** Float values; undefined content where `h` has a histogram. Stale markers are kept, see `stale.ts`. */
  readonly v: Float64Array;
  /** Has a histogram at place i where sample i is a native one; the whole column is absent for series of floats alone. */
  readonly h: HistogramColumn | undefined;
  /** Start (created) timestamps in ms, 0 where unknown; absent where the backend sent none. */
  readonly st: Float64Array | undefined;
}

/**
 * Growable columns to decode into. One buffer serves many series in turn: `clear()` forgets the samples and keeps
 * the memory. A reader that wants to keep samples past the next `clear()` copies them with {@link copyColumns}.
 */
export class SampleBuffer implements SampleColumns {
  length = 0;
  t: Float64Array;
  v: Float64Array;
  h: HistogramColumn | undefined = undefined;
  st: Float64Array | undefined = undefined;
  /** The memory of histograms that are forgotten. */
  #spare: HistogramColumn | undefined = undefined;

  /** @param slab that the first columns are cut from; they are arrays of their own without. */
  constructor(capacity = 256, slab?: ColumnSlab) {
    this.t = slab?.take(capacity) ?? new Float64Array(capacity);
    this.v = slab?.take(capacity) ?? new Float64Array(capacity);
  }

  clear(): void {
    this.length = 0;
    this.h?.clear();
    this.h = undefined;
    this.st = undefined;
  }

  /** Makes room for `extra` more samples, so that hot loops may write `t`, `v` and `length` themselves. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.t.length) return;
    const capacity = Math.max(needed, this.t.length * 2);
    this.t = grown(this.t, this.length, capacity);
    this.v = grown(this.v, this.length, capacity);
    if (this.st !== undefined) this.st = grown(this.st, this.length, capacity);
  }

  push(t: number, v: number): void {
    if (this.length === this.t.length) this.reserve(1);
    this.t[this.length] = t;
    this.v[this.length] = v;
    this.length++;
  }

  pushHistogram(t: number, h: FloatHistogram): void {
    this.histograms().set(this.length, h);
    this.push(t, h.sum);
  }

  /** Appends the histogram at place `from` of a column. */
  copyHistogram(t: number, source: HistogramColumn, from: number): void {
    this.histograms().copy(this.length, source, from);
    this.push(t, source.sum[from]!);
  }

  /** The column of histograms, which is there from now on. */
  histograms(): HistogramColumn {
    this.#spare ??= new HistogramColumn();
    this.h ??= this.#spare;
    return this.h;
  }

  /** Sets the start timestamp of the newest sample. */
  setStart(st: number): void {
    this.#starts()[this.length - 1] = st;
  }

  /** Sets the start timestamps of the `count` newest samples; the column stays away as long as all are unknown. */
  appendStarts(starts: Float64Array, count: number): void {
    let known = this.st !== undefined;
    for (let i = 0; i < count && !known; i++) known = starts[i] !== 0;
    if (known) this.#starts().set(starts.subarray(0, count), this.length - count);
  }

  #starts(): Float64Array {
    this.st ??= new Float64Array(this.t.length);
    if (this.st.length < this.t.length) this.st = grown(this.st, this.length, this.t.length);
    return this.st;
  }
}

function grown(column: Float64Array, length: number, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column.subarray(0, length));
  return larger;
}

/** Below this many samples a loop copies faster than the views that a block copy needs. */
const SHORT = 32;

/** Appends samples [from, to) of `source`; bit-exact, so stale markers survive. */
export function appendRange(target: SampleBuffer, source: SampleColumns, from: number, to: number): void {
  if (to <= from) return;
  if (to - from < SHORT && source.st === undefined && target.st === undefined)
    return appendShort(target, source, from, to);
  const at = target.length;
  target.reserve(to - from);
  target.t.set(source.t.subarray(from, to), at);
  target.v.set(source.v.subarray(from, to), at);
  if (source.h !== undefined) target.histograms().append(at, source.h, from, to);
  if (source.st !== undefined) {
    target.st ??= new Float64Array(target.t.length);
    target.st.set(source.st.subarray(from, to), at);
  } else if (target.st !== undefined) {
    target.st.fill(0, at, at + to - from);
  }
  target.length = at + to - from;
}

/** What {@link appendRange} does, without start timestamps. */
function appendShort(target: SampleBuffer, source: SampleColumns, from: number, to: number): void {
  target.reserve(to - from);
  const { t, v } = target;
  let at = target.length;
  if (source.h !== undefined) target.histograms().append(at, source.h, from, to);
  for (let i = from; i < to; i++, at++) {
    t[at] = source.t[i]!;
    v[at] = source.v[i]!;
  }
  target.length = at;
}

/** Appends the samples of `source` in [minTime, maxTime] (ms, inclusive), as {@link appendRange} does. */
export function appendWithin(
  target: SampleBuffer,
  source: SampleColumns,
  minTime: number,
  maxTime: number,
): void {
  appendRange(target, source, firstAtOrAfter(source, minTime), firstAtOrAfter(source, maxTime + 1));
}

/**
 * The samples of `source` in [minTime, maxTime] (ms, inclusive), good as long as that is not changed. Nothing is copied but histograms,
 * which go to `copies`.
 */
export function samplesWithin(
  source: SampleColumns,
  minTime: number,
  maxTime: number,
  copies: SampleBuffer,
): SampleColumns {
  const [from, to] = [firstAtOrAfter(source, minTime), firstAtOrAfter(source, maxTime + 1)];
  if (source.h !== undefined) {
    copies.clear();
    appendRange(copies, source, from, to);
    return copies;
  }
  const { t, v, st } = source;
  return {
    length: to - from,
    t: t.subarray(from, to),
    v: v.subarray(from, to),
    h: undefined,
    st: st?.subarray(from, to),
  };
}

/** An exact copy that owns its arrays. */
export function copyColumns(source: SampleColumns): SampleColumns {
  const { length } = source;
  return {
    length,
    t: source.t.slice(0, length),
    v: source.v.slice(0, length),
    h: source.h?.slice(0, length),
    st: source.st?.slice(0, length),
  };
}

/** Index of the first sample at or after time `t` (ms) among [from, length); O(log n). */
export function firstAtOrAfter({ t: times, length }: SampleColumns, t: number, from = 0): number {
  let low = from;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < t) low = middle + 1;
    else high = middle;
  }
  return low;
}
