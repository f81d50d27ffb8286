import { medianSpacing } from './interval.ts';
import { firstAtOrAfter } from './source.ts';
import type { Source } from './source.ts';

/**
 * Length of a window in ms. Windows start at multiples of it since the epoch, so that they are the same for every
 * query. Long enough to hold a handful of scrapes at the usual intervals, short enough to follow a fault.
 */
export const WINDOW_MS = 120_000;

/** Windows on either side that are consulted where one window alone holds too few samples to tell the interval. */
export const NEIGHBOUR_WINDOWS = 2;

/**
 * Steps through the windows that hold samples of any source. Per source, parallel columns describe the current window:
 * samples [lo, hi) lie in [start, end).
 */
export class Windows {
  readonly sources: readonly Source[];
  /** ms since the epoch; the end is exclusive. */
  start = 0;
  end: number = Number.NEGATIVE_INFINITY;
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  /** Sampling interval in ms of each source, NaN where it has too few samples around. */
  readonly interval: Float64Array;
  /** Largest spacing in ms inside the window; 0 where fewer than two samples are. */
  readonly maxSpacing: Float64Array;
  /** The interval in ms of the densest source: the yardstick for all of them. */
  yardstick = 0;

  constructor(sources: readonly Source[]) {
    this.sources = sources;
    this.lo = new Int32Array(sources.length);
    this.hi = new Int32Array(sources.length);
    this.interval = new Float64Array(sources.length);
    this.maxSpacing = new Float64Array(sources.length);
  }

  /** Time of the first sample behind the current window, of any source; infinite at the end. */
  nextTime(): number {
    let next = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.sources.length; r++) {
      const { t, length } = this.sources[r]!.samples;
      const at = this.hi[r]!;
      if (at < length && t[at]! < next) next = t[at]!;
    }
    return next;
  }

  /** Goes to the next window that holds a sample; false where none is left. */
  advance(): boolean {
    const next = this.nextTime();
    if (next === Number.POSITIVE_INFINITY) return false;
    this.start = Math.floor(next / WINDOW_MS) * WINDOW_MS;
    this.end = this.start + WINDOW_MS;
    let densest = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.sources.length; r++) {
      this.#scan(r);
      if (this.interval[r]! < densest) densest = this.interval[r]!;
    }
    this.yardstick = densest === Number.POSITIVE_INFINITY ? this.#widerYardstick() : densest;
    return true;
  }

  /** Finds the window's samples of one source and their interval, in one pass over them. */
  #scan(r: number): void {
    const { t, length } = this.sources[r]!.samples;
    const { end } = this;
    const lo = this.hi[r]!;
    let max = 0;
    let min = Number.POSITIVE_INFINITY;
    let i = lo;
    if (i < length && t[i]! < end) {
      let previous = t[i]!;
      for (i++; i < length; i++) {
        const time = t[i]!;
        if (time >= end) break;
        const spacing = time - previous;
        if (spacing > max) max = spacing;
        if (spacing < min) min = spacing;
        previous = time;
      }
    }
    this.lo[r] = lo;
    this.hi[r] = i;
    this.maxSpacing[r] = max;
    // Even spacing, the usual case, needs no sorting.
    this.interval[r] = min === max && i - lo > 3 ? min : medianSpacing(t, lo, i);
  }

  /** For slow series: medians over the neighbouring windows, or, where these do not tell either, over everything. */
  #widerYardstick(): number {
    const reach = NEIGHBOUR_WINDOWS * WINDOW_MS;
    const near = this.#medians(this.start - reach, this.end + reach);
    if (near < Number.POSITIVE_INFINITY) return near;
    const all = this.#medians(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    return all < Number.POSITIVE_INFINITY ? all : WINDOW_MS;
  }

  #medians(from: number, to: number): number {
    let densest = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.sources.length; r++) {
      const { samples } = this.sources[r]!;
      const first = firstAtOrAfter(samples, from);
      const interval = medianSpacing(samples.t, first, firstAtOrAfter(samples, to, first));
      this.interval[r] = interval;
      if (interval < densest) densest = interval;
    }
    return densest;
  }
}
