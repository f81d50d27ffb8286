import { intervalAtEnds, learnInterval } from './learn-interval.ts';
import type { Learned } from './learn-interval.ts';
import type { Source } from './replica.ts';
import { Track } from './track.ts';
import { NEIGHBOUR_WINDOWS, SLOW_MS, WINDOW_MS, windowLengthFor } from './window-length.ts';

/**
 * The interval in ms where no source has two samples near by, if what is further away does not show that the series is
 * slow. A guess at a scrape interval and nothing learned: what is far away may not be part of the query.
 */
export const UNKNOWN_INTERVAL_MS = 60_000;

/** Steps through the windows that hold samples of any source. */
export class Windows {
  /** One of each source, in their order. */
  readonly tracks: Track[] = [];
  /** ms since the epoch; the end is exclusive. A long window begins later where a shorter one ends inside it. */
  start: number = Number.NaN;
  end: number = Number.NEGATIVE_INFINITY;
  /** ms; the window ends at a multiple of it. */
  length: number = WINDOW_MS;
  /** Time in ms of the first sample behind the current window, of any source; infinite where there is none. */
  next: number = Number.POSITIVE_INFINITY;
  /** The interval in ms of the densest source: the yardstick for all of them. */
  yardstick: number = Number.NaN;
  /** That of the window before. */
  lastYardstick: number = Number.NaN;
  /** What was learned where a window of the usual length did not show the interval, last time. */
  readonly learned: Learned = { interval: Number.NaN, from: WINDOW_MS };

  /** Goes in front of the first window of these sources. */
  begin(sources: readonly Source[]): void {
    const { tracks } = this;
    while (tracks.length > sources.length) tracks.pop();
    while (tracks.length < sources.length) tracks.push(new Track(tracks.length));
    for (let r = 0; r < sources.length; r++) tracks[r]!.begin(sources[r]!);
    this.end = Number.NEGATIVE_INFINITY;
    this.findNext();
  }

  /** Goes to the window of the next sample; false where none is left. */
  advance(): boolean {
    const { next, end: before } = this;
    if (next === Number.POSITIVE_INFINITY) return false;
    this.lastYardstick = this.yardstick;
    this.length = WINDOW_MS;
    this.start = next < before + WINDOW_MS ? before : Math.floor(next / WINDOW_MS) * WINDOW_MS;
    this.end = this.start + WINDOW_MS;
    this.#scan();
    if (!(this.yardstick <= SLOW_MS)) this.#fit(next, before);
    this.findNext();
    return true;
  }

  /** Finds the samples in the window and the interval there. */
  #scan(): void {
    const { tracks } = this;
    let densest = Number.POSITIVE_INFINITY;
    for (let r = 0; r < tracks.length; r++) {
      const track = tracks[r]!;
      track.scan(this);
      if (track.interval < densest) densest = track.interval;
    }
    this.yardstick = densest;
  }

  /**
   * Looks further for the interval where a window of the usual length does not show it, and takes a longer window where it
   * is slow. Nothing else changes for series that are scraped often and miss nearly all of it for a while.
   */
  #fit(first: number, before: number): void {
    const { learned, tracks } = this;
    learnInterval(learned, tracks, first);
    if (learned.interval > SLOW_MS) {
      const longest = windowLengthFor(learned.interval);
      for (let length = longest; length >= WINDOW_MS; length /= 2) {
        for (let r = 0; r < tracks.length; r++) tracks[r]!.rewind();
        const start = Math.floor(first / length) * length;
        this.length = length;
        this.start = Math.max(start, before);
        this.end = start + length;
        this.#scan();
        this.#findSlowYardstick(NEIGHBOUR_WINDOWS * longest);
        if (windowLengthFor(this.yardstick) >= length) break;
      }
    } else if (this.yardstick === Number.POSITIVE_INFINITY) this.#findSparseYardstick();
  }

  /**
   * For slow series: what was learned where the window begins, or what denser sources show at their own ends in it. Where
   * that fits a shorter window, a slow series becomes a dense one.
   */
  #findSlowYardstick(reach: number): void {
    const { tracks, learned } = this;
    const from = this.start - reach;
    const until = this.end + reach;
    this.yardstick = learned.interval;
    for (let r = 0; r < tracks.length; r++) {
      const interval = intervalAtEnds(tracks[r]!, from, until);
      if (interval < this.yardstick) this.yardstick = interval;
    }
  }

  /** Goes behind the next window, where the sources' samples end at the cursors; {@link findNext} must follow. */
  skip(): void {
    this.end += WINDOW_MS;
    for (let r = 0; r < this.tracks.length; r++) this.tracks[r]!.hi = this.tracks[r]!.cursor;
  }

  /** Lets go of the sources. */
  release(): void {
    for (let r = 0; r < this.tracks.length; r++) this.tracks[r]!.release();
  }

  /** Finds the first sample behind the current window. */
  findNext(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.tracks.length; r++) {
      const { t, hi, length } = this.tracks[r]!;
      if (hi < length && t[hi]! < next) next = t[hi]!;
    }
    this.next = next;
  }

  /** For series so slow or so new that no source shows an interval: what a single spacing near by says. */
  #findSparseYardstick(): void {
    let near = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.tracks.length; r++) {
      const track = this.tracks[r]!;
      track.setNearbyInterval(this, 1);
      if (track.interval < near) near = track.interval;
    }
    this.yardstick = near < Number.POSITIVE_INFINITY ? near : UNKNOWN_INTERVAL_MS;
  }
}
