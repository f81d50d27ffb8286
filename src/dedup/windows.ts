import { medianSpacing, MIN_SPACINGS } from './interval.ts';
import type { Source } from './source.ts';

/**
 * Length of a window in ms. Windows start at multiples of it since the epoch, so that they are the same for every
 * query. Long enough to hold a handful of scrapes at the usual intervals, short enough to follow a fault.
 */
export const WINDOW_MS = 120_000;

/** Windows on either side that are consulted where one window alone holds too few samples to tell the interval. */
export const NEIGHBOUR_WINDOWS = 1;

/**
 * The interval in ms where no source has two samples near by. A guess at a scrape interval, and not a look further
 * away: what is further away may not be part of the query, and no choice may depend on that.
 */
export const UNKNOWN_INTERVAL_MS = 60_000;

/** Spacings that differ by no more than this factor are jitter around one interval. */
const EVEN = 1.125;

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

  /** Goes to the window of the next sample, whose time `next` is; false where none is left. */
  advance(next: number): boolean {
    if (next === Number.POSITIVE_INFINITY) return false;
    this.start = Math.floor(next / WINDOW_MS) * WINDOW_MS;
    this.end = this.start + WINDOW_MS;
    let densest = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.sources.length; r++) {
      this.#scan(r);
      if (this.interval[r]! < densest) densest = this.interval[r]!;
    }
    this.yardstick = densest === Number.POSITIVE_INFINITY ? this.#sparseYardstick() : densest;
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
    // Without a hole the mean is as good as the median, and needs no sorting.
    if (i - lo <= MIN_SPACINGS) this.interval[r] = this.#nearbyInterval(r, MIN_SPACINGS);
    else if (max <= EVEN * min) this.interval[r] = (t[i - 1]! - t[lo]!) / (i - 1 - lo);
    else this.interval[r] = medianSpacing(t, lo, i, MIN_SPACINGS);
  }

  /** Median spacing over the neighbouring windows too; NaN where these do not hold `least` spacings either. */
  #nearbyInterval(r: number, least: number): number {
    const { t, length } = this.sources[r]!.samples;
    const reach = NEIGHBOUR_WINDOWS * WINDOW_MS;
    let from = this.lo[r]!;
    while (from > 0 && t[from - 1]! >= this.start - reach) from--;
    let to = this.hi[r]!;
    while (to < length && t[to]! < this.end + reach) to++;
    return medianSpacing(t, from, to, least);
  }

  /** For series so slow or so new that no source shows an interval: what a single spacing near by says. */
  #sparseYardstick(): number {
    let near = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.sources.length; r++) {
      this.interval[r] = this.#nearbyInterval(r, 1);
      if (this.interval[r]! < near) near = this.interval[r]!;
    }
    return near < Number.POSITIVE_INFINITY ? near : UNKNOWN_INTERVAL_MS;
  }
}
