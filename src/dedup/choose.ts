import { weigh } from './penalty.ts';
import type { Track } from './track.ts';
import type { Windows } from './windows.ts';

/** A source this many times slower than the densest is slower by design, not by jitter. */
export const SLOWER = 1.25;

/**
 * Penalties within this many intervals of the lowest count as equal: so much comes from the phases of the scrapes
 * alone, and one missed scrape is better filled than switched for.
 */
const TOLERANCE_INTERVALS = 1.01;

/** The choice of one window, reused from window to window. */
export interface Choice {
  winner: number;
  /** Whether all sources were weighed; the winner always is. */
  weighed: boolean;
  /** The sources from the best to the worst, once a hole in the window asked for it: `ranked`. */
  readonly order: Track[];
  ranked: boolean;
}

/**
 * Chooses the source with the lowest penalty. Among equals the denser wins, then the first by name, so that all series of
 * a target stay with one replica as long as nothing is wrong with it. A source without samples in the window wins
 * only where none are due; one of the second tier only where the first has none.
 */
export function choose(windows: Windows, choice: Choice): void {
  const { tracks, yardstick } = windows;
  const preferred = tracks[0]!;
  choice.weighed = false;
  choice.ranked = false;
  weigh(windows, preferred);
  const tolerance = Math.min(TOLERANCE_INTERVALS * yardstick, windows.length / 2);
  // Nobody can be better by more than this, whatever the others have.
  const isBest = preferred.missing <= tolerance && preferred.interval <= SLOWER * yardstick;
  if (isBest && preferred.source.tier === 0) {
    choice.winner = 0;
    return;
  }
  weighAll(windows, choice);
  let tier = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < tracks.length; r++) {
    const { source, missing, lo, hi } = tracks[r]!;
    const own = source.tier;
    if (own > tier || (hi === lo && (own === 1 || missing > tolerance))) continue;
    least = own < tier ? missing : Math.min(least, missing);
    tier = own;
  }
  choice.winner = -1;
  for (let r = 0; r < tracks.length; r++) {
    const { source, missing, interval, lo, hi } = tracks[r]!;
    if (source.tier !== tier || missing > least + tolerance) continue;
    if (hi === lo && missing > tolerance) continue;
    if (choice.winner < 0) choice.winner = r;
    if (interval > SLOWER * yardstick || Number.isNaN(interval)) continue;
    choice.winner = r;
    return;
  }
}

/** Weighs the sources that the choice could do without. */
export function weighAll(windows: Windows, choice: Choice): void {
  if (choice.weighed) return;
  for (let r = 1; r < windows.tracks.length; r++) weigh(windows, windows.tracks[r]!);
  choice.weighed = true;
}

/** Orders the sources by tier, then by what they miss in the window, then by name. */
export function rank(windows: Windows, choice: Choice): void {
  if (choice.ranked) return;
  weighAll(windows, choice);
  const { tracks } = windows;
  const { order } = choice;
  if (order.length !== tracks.length) order.length = tracks.length;
  for (let r = 0; r < tracks.length; r++) {
    const track = tracks[r]!;
    let at = r;
    for (; at > 0; at--) {
      const other = order[at - 1]!;
      const tiers = other.source.tier - track.source.tier;
      if (tiers < 0 || (tiers === 0 && other.missing <= track.missing)) break;
      order[at] = other;
    }
    order[at] = track;
  }
  choice.ranked = true;
}
