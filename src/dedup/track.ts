import { SampleBuffer } from '../model/sample-columns.ts';
import { medianSpacing, MAX_SPACINGS, MIN_SPACINGS } from './interval.ts';
import type { Source } from './replica.ts';
import { NEIGHBOUR_WINDOWS } from './window-length.ts';

/** Spacings that differ by no more than this factor are jitter around one interval. */
const EVEN = 1.125;

/** Wide spacings of a window that are listed; a power of two. */
const LISTED = 64;

const NO_SAMPLES = new SampleBuffer(0);
const NO_SOURCE: Source = {
  name: '',
  replica: -1,
  samples: NO_SAMPLES,
  markers: NO_SAMPLES,
  tier: 0,
  scrapes: undefined,
  falls: null,
};

/** A stretch of time, ms since the epoch; the end is exclusive. It may be the rest of a window of this length (ms). */
interface Window {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/**
 * One source and where the walk through the windows stands in it: samples [lo, hi) lie in the current window. Numbers that
 * are not whole live in fields of such objects, which are reused: as arguments and results of functions they would be
 * objects themselves.
 */
export class Track {
  /** Position in the order of the sources. */
  readonly index: number;
  source: Source = NO_SOURCE;
  /** Timestamps of the samples in ms, and how many there are. */
  t: Float64Array = NO_SAMPLES.t;
  length = 0;
  lo = 0;
  hi = 0;
  /** Sampling interval in ms, NaN where there are too few samples around. */
  interval: number = Number.NaN;
  /** ms that the source misses in the window, once `choose.ts` weighed it; its holes are listed then. */
  missing: number = Number.NaN;
  /** The samples in the window that have a hole before them, ascending, `holeCount` of them. */
  holes: Int32Array = new Int32Array(LISTED);
  holeCount = 0;
  /** Where `fill.ts` found the end of the selection last. */
  cursor = 0;
  /** For `coast.ts`: spacings in ms that may go on behind the window. */
  leastSpacing: number = Number.NaN;
  mostSpacing: number = Number.NaN;
  /** A spacing in ms that was the median of a window before: most likely it is again. Decides nothing. */
  #usual = 0;
  /** The spacing in ms beyond which samples were listed in the holes' place, and how many there were. */
  #wideLimit = 0;
  #wideCount = 0;
  /** The source's scrapes, where its samples are a part of them. */
  #scrapes: Track | undefined = undefined;
  #isPart = false;

  constructor(index: number) {
    this.index = index;
  }

  /** Goes in front of the first sample. */
  begin(source: Source): void {
    this.source = source;
    this.t = source.samples.t;
    this.length = source.samples.length;
    this.hi = 0;
    const { scrapes } = source;
    this.#isPart = scrapes !== undefined;
    if (scrapes === undefined) return;
    this.#scrapes ??= new Track(this.index);
    this.#scrapes.begin({ ...source, samples: scrapes, scrapes: undefined });
  }

  /** Lets go of the source. */
  release(): void {
    this.#scrapes?.release();
    this.begin(NO_SOURCE);
  }

  /** Goes back in front of the samples of the current window, which then is the next. */
  rewind(): void {
    this.hi = this.lo;
    this.#scrapes?.rewind();
  }

  /** Finds the samples of the next window and the interval there. */
  scan(window: Window): void {
    this.#scanSamples(window);
    if (!this.#isPart || this.#scrapes === undefined) return;
    this.#scrapes.scan(window);
    this.interval = this.#scrapes.interval;
  }

  /**
   * Finds the samples of the next window, their interval and what may be holes, in one pass over them. Which spacing is
   * not the usual one no processor can predict, so the pass has no branches on it: a mistaken one costs more than
   * all of it. The differences are whole numbers of ms, and their signs are the conditions.
   */
  #scanSamples(window: Window): void {
    const { t, length, holes: wide } = this;
    const usual = this.#usual;
    const limit = usual + (usual >> 3);
    const { end } = window;
    const lo = this.hi;
    let shorter = 0;
    let longer = 0;
    let wider = 0;
    let i = lo;
    if (i < length && t[i]! < end) {
      let previous = t[i]!;
      for (i++; i < length; i++) {
        const time = t[i]!;
        if (time >= end) break;
        const spacing = (time - previous) | 0;
        previous = time;
        shorter += (spacing - usual) >>> 31;
        longer += (usual - spacing) >>> 31;
        wide[wider & (LISTED - 1)] = i;
        wider += (limit - spacing) >>> 31;
      }
    }
    const spacings = i - lo - 1;
    this.lo = lo;
    this.hi = i;
    this.cursor = lo;
    this.#wideCount = wider;
    this.#wideLimit = limit;
    if (spacings < MIN_SPACINGS) this.setNearbyInterval(window, MIN_SPACINGS);
    else if (shorter === 0 && longer === 0) this.interval = usual;
    else if ((wider === 0 || longer === spacings) && isEven(t, lo, i)) {
      // Without a hole the mean is as good as the median, and needs no sorting.
      this.interval = (t[i - 1]! - t[lo]!) / spacings;
      if (shorter + longer === spacings) this.#usual = t[i - 1]! - t[i - 2]!;
    } else {
      // Where so many spacings are shorter and longer that the usual one is in the middle, it is the median.
      const middle = (spacings - 1) >>> 1;
      const isUsual = shorter <= middle && middle < spacings - longer && spacings <= MAX_SPACINGS;
      if (!isUsual) this.#usual = medianSpacing(t, lo, i, MIN_SPACINGS);
      this.interval = this.#usual;
    }
  }

  /** Median spacing over the neighbouring windows too; NaN where these do not hold `least` spacings either. */
  setNearbyInterval(window: Window, least: number): void {
    const { t, length } = this;
    const reach = NEIGHBOUR_WINDOWS * window.length;
    let lo = this.lo;
    while (lo > 0 && t[lo - 1]! >= window.start - reach) lo--;
    let hi = this.hi;
    while (hi < length && t[hi]! < window.end + reach) hi++;
    this.interval = medianSpacing(t, lo, hi, least);
    if (!this.#isPart || this.#scrapes === undefined) return;
    this.#scrapes.setNearbyInterval(window, least);
    this.interval = this.#scrapes.interval;
  }

  /** Leaves of the wide spacings those beyond `hole` ms; lists them anew where the list does not hold them all. */
  listHoles(hole: number): void {
    const { t, lo, hi } = this;
    let count = 0;
    if (this.#wideLimit <= hole && this.#wideCount < LISTED) {
      const { holes } = this;
      const wide = this.#wideCount;
      for (let k = 0; k < wide; k++) {
        const i = holes[k]!;
        if (t[i]! - t[i - 1]! > hole) holes[count++] = i;
      }
    } else {
      if (this.holes.length < hi - lo) this.holes = new Int32Array(2 * (hi - lo));
      const { holes } = this;
      for (let i = lo + 1; i < hi; i++) if (t[i]! - t[i - 1]! > hole) holes[count++] = i;
    }
    this.holeCount = count;
  }
}

/** Whether all spacings of samples [lo, hi) are the same but for jitter. */
function isEven(t: Float64Array, lo: number, hi: number): boolean {
  let max = 0;
  let min = Number.POSITIVE_INFINITY;
  for (let i = lo + 1; i < hi; i++) {
    const spacing = t[i]! - t[i - 1]!;
    if (spacing > max) max = spacing;
    if (spacing < min) min = spacing;
  }
  return max <= EVEN * min;
}
