import { firstAtOrAfter } from '../model/sample-columns.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import { medianSpacing, MIN_SPACINGS } from './interval.ts';
import type { Track } from './track.ts';
import { LONGEST_WINDOW_MS, NEIGHBOUR_WINDOWS, WINDOW_MS } from './window-length.ts';

/** Samples on either side of a time that tell the interval there. More of them would tell what it was long before. */
const NEAREST = 5;

/** A source whose nearest other sample is so many intervals away is away: its interval is that of another time. */
const AWAY_INTERVALS = 2.5;

/** What was learned of the interval at a time, reused from time to time. */
export interface Learned {
  /** ms; NaN where no source has two samples near enough. */
  interval: number;
  /** Length in ms of the window that showed it with its neighbours; infinite where they hold too few spacings to be sure. */
  from: number;
}

/**
 * Learns the interval at the first sample of the current window, where a window of the usual length is too short. Looks in
 * windows longer and longer until the samples next to it show an interval. That of the densest source counts, of those
 * that go on here; where none does, of all. Where they have too few samples even in the longest window, a single spacing
 * must do. O(sources × lengths).
 */
export function learnInterval(learned: Learned, tracks: readonly Track[], at: number): void {
  learned.interval = Number.NaN;
  learnBy(learned, tracks, at, MIN_SPACINGS, AWAY_INTERVALS);
  if (learned.interval > 0) return;
  learnBy(learned, tracks, at, MIN_SPACINGS, Number.POSITIVE_INFINITY);
  if (learned.interval > 0) return;
  learnBy(learned, tracks, at, 1, Number.POSITIVE_INFINITY);
  learned.from = Number.POSITIVE_INFINITY;
}

function learnBy(
  learned: Learned,
  tracks: readonly Track[],
  at: number,
  least: number,
  awayIntervals: number,
): void {
  for (let length = 2 * WINDOW_MS; length <= LONGEST_WINDOW_MS; length *= 2) {
    const start = Math.floor(at / length) * length;
    const reach = NEIGHBOUR_WINDOWS * length;
    for (let r = 0; r < tracks.length; r++) {
      const { source, lo } = tracks[r]!;
      const { samples, scrapes } = source;
      const all = scrapes ?? samples;
      const next = scrapes === undefined ? lo : firstAtOrAfter(scrapes, at);
      const interval = intervalNear(all, next, start - reach, start + length + reach, least);
      if (!(interval > 0) || interval >= learned.interval) continue;
      if (distanceAt(all, next, at) <= awayIntervals * interval) learned.interval = interval;
    }
    learned.from = length;
    if (learned.interval > 0) return;
  }
}

/**
 * For slow series: the interval in ms that the source of a track shows at both ends of its samples in the current window,
 * the shorter one. NaN where it has none there, or too few in [from, until), ms.
 */
export function intervalAtEnds({ source, t, lo, hi }: Track, from: number, until: number): number {
  if (hi === lo) return Number.NaN;
  const { samples, scrapes } = source;
  const all = scrapes ?? samples;
  const first = intervalAt(all, scrapes === undefined ? lo : firstAtOrAfter(scrapes, t[lo]!), from, until);
  if (hi === lo + 1) return first;
  const end = hi - 1;
  const last = intervalAt(all, scrapes === undefined ? end : firstAtOrAfter(scrapes, t[end]!), from, until);
  return last >= first || Number.isNaN(last) ? first : last;
}

/** {@link intervalNear} of a source that goes on around its sample `i`; NaN of one that has it alone. */
function intervalAt(samples: SampleColumns, i: number, from: number, until: number): number {
  const interval = intervalNear(samples, i, from, until, MIN_SPACINGS);
  return distanceAt(samples, i, samples.t[i]!) <= AWAY_INTERVALS * interval ? interval : Number.NaN;
}

/**
 * Median spacing in ms of the few samples on either side of sample `next`, of those in [from, until) alone (ms since the
 * epoch); NaN where these have fewer than `least` spacings.
 */
export function intervalNear(
  { t, length }: SampleColumns,
  next: number,
  from: number,
  until: number,
  least: number,
): number {
  let first = next;
  while (first > 0 && first > next - NEAREST && t[first - 1]! >= from) first--;
  let end = next;
  while (end < length && end < next + NEAREST && t[end]! < until) end++;
  return medianSpacing(t, first, end, least);
}

/** ms from time `at` to the nearest other sample before or behind it; `next` is the first one that is not before. */
function distanceAt({ t, length }: SampleColumns, next: number, at: number): number {
  const behind = next < length && at === t[next] ? next + 1 : next;
  const before = next > 0 ? at - t[next - 1]! : Number.POSITIVE_INFINITY;
  return behind < length ? Math.min(before, t[behind]! - at) : before;
}
