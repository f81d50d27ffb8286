import { SLOWER } from './choose.ts';
import { MIN_SPACINGS } from './interval.ts';
import type { Track } from './track.ts';
import { REACH_MS, SLOW_MS, WINDOW_MS } from './window-length.ts';
import type { Windows } from './windows.ts';

/** Spacings within this factor of a third are within 1.125 of each other, which is jitter around one interval. */
const EVEN_AROUND = 1.06;

/** So many samples of the winner at a stretch, about: a millisecond of work. Whoever goes on from there comes to the same. */
const MOST_AT_A_STRETCH = 200_000;

/**
 * Goes on through the windows that the last winner wins beyond doubt, and returns the end of its samples there. Most
 * windows are so, and they cost one look at each spacing:
 *
 * - the winner's samples go on at even spacings, the same as in the current window, so it misses nothing;
 * - every source preferred to it is away, or slower by design;
 * - none of the others is denser.
 *
 * Then its samples follow each other without a seam, and nothing else needs to be known of these windows.
 */
export function coast(windows: Windows, winner: Track): number {
  const { tracks, yardstick } = windows;
  const most = yardstick * EVEN_AROUND;
  if (most > SLOW_MS || winner.source.tier === 1) return winner.hi;
  for (let r = 0; r < tracks.length; r++) {
    const track = tracks[r]!;
    track.leastSpacing = r < winner.index ? SLOWER * most + 1 : yardstick / EVEN_AROUND;
    track.mostSpacing = track === winner ? most : Number.POSITIVE_INFINITY;
  }
  const enough = winner.hi + MOST_AT_A_STRETCH;
  while (winner.hi < enough && winsNext(windows, winner)) windows.skip();
  windows.findNext();
  return winner.hi;
}

/** Whether the winner wins the next window beyond doubt; all sources' samples there then end at the cursors. */
function winsNext(windows: Windows, winner: Track): boolean {
  if (!isSpaced(windows, winner) || !isContinued(winner)) return false;
  const { tracks } = windows;
  for (let r = 0; r < tracks.length; r++) {
    const track = tracks[r]!;
    if (track === winner || isAway(windows, track)) continue;
    // Zeros of `up` count as scrapes of the ones' replica, so there may be none.
    if (track.source.tier === 1 || !isSpaced(windows, track)) return false;
  }
  return true;
}

/**
 * Whether the source has spacings in the next window, and all of them are within its limits. Where it has too few to
 * tell an interval, those of the neighbouring windows count as well, as they do there.
 */
function isSpaced({ end: start }: Windows, track: Track): boolean {
  const { t, length, leastSpacing: least, mostSpacing: most, hi: lo } = track;
  const end = start + WINDOW_MS;
  if (lo === length || t[lo]! >= end) return false;
  let to = lo + 1;
  for (; to < length && t[to]! < end; to++) {
    const spacing = t[to]! - t[to - 1]!;
    if (spacing < least || spacing > most) return false;
  }
  track.cursor = to;
  if (to - lo > MIN_SPACINGS) return true;
  let from = lo;
  for (; from > 0 && t[from - 1]! >= start - REACH_MS; from--) {
    const spacing = t[from]! - t[from - 1]!;
    if (spacing < least || spacing > most) return false;
  }
  for (; to < length && t[to]! < end + REACH_MS; to++) {
    const spacing = t[to]! - t[to - 1]!;
    if (spacing < least || spacing > most) return false;
  }
  return to - from > MIN_SPACINGS;
}

/** Whether no hole leads into the samples between `hi` and the cursor, or out of them. */
function isContinued({ t, length, hi: lo, cursor: hi, mostSpacing: most }: Track): boolean {
  return lo > 0 && hi < length && t[lo]! - t[lo - 1]! <= most && t[hi]! - t[hi - 1]! <= most;
}

/** Whether the source has nothing in the next window and its neighbours. */
function isAway({ end: start }: Windows, track: Track): boolean {
  const { t, hi: next } = track;
  if (next > 0 && t[next - 1]! >= start - REACH_MS) return false;
  if (next < track.length && t[next]! < start + WINDOW_MS + REACH_MS) return false;
  track.cursor = next;
  return true;
}
