import type { Source } from './replica.ts';
import { Track } from './track.ts';
import { WINDOW_MS } from './window-length.ts';

/**
 * The interval in ms where no source has two samples near by. A guess at a scrape interval, and not a look further
 * away: what is further away may not be part of the query, and no choice may depend on that.
 */
export const UNKNOWN_INTERVAL_MS = 60_000;

/** Steps through the windows that hold samples of any source. */
export class Windows {
  /** One of each source, in their order. */
  readonly tracks: Track[] = [];
  /** ms since the epoch; the end is exclusive. */
  start: number = Number.NaN;
  end: number = Number.NEGATIVE_INFINITY;
  /** Time in ms of the first sample behind the current window, of any source; infinite where there is none. */
  next: number = Number.POSITIVE_INFINITY;
  /** The interval in ms of the densest source: the yardstick for all of them. */
  yardstick: number = Number.NaN;

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
    const { next, tracks } = this;
    if (next === Number.POSITIVE_INFINITY) return false;
    const start = next < this.end + WINDOW_MS ? this.end : Math.floor(next / WINDOW_MS) * WINDOW_MS;
    this.start = start;
    this.end = start + WINDOW_MS;
    let densest = Number.POSITIVE_INFINITY;
    for (let r = 0; r < tracks.length; r++) {
      const track = tracks[r]!;
      track.scan(this);
      if (track.interval < densest) densest = track.interval;
    }
    this.findNext();
    if (densest === Number.POSITIVE_INFINITY) this.#findSparseYardstick();
    else this.yardstick = densest;
    return true;
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
