import { missingTime } from './penalty.ts';
import { WINDOW_MS } from './windows.ts';
import type { Windows } from './windows.ts';

/** A source this many times slower than the densest is slower by design, not by jitter. */
const SLOWER = 1.25;

/**
 * Penalties within this many intervals of the lowest count as equal: so much comes from the phases of the scrapes
 * alone, and one missed scrape is better filled than switched for.
 */
const TOLERANCE_INTERVALS = 1.01;

/** The choice of one window, reused from window to window. */
export interface Choice {
  winner: number;
  /** ms that each source misses in the window; for the winner alone until {@link weighAll} was asked for the rest. */
  readonly missing: Float64Array;
  /** Sources from the best to the worst; of the last hole that asked for it. */
  readonly order: Int32Array;
  /** Whether `missing` holds for all sources. */
  weighed: boolean;
}

/**
 * Chooses the source with the lowest penalty. Among equals the denser wins, then the first by name, so that all series of
 * a target stay with one replica as long as nothing is wrong with it. A source without samples in the window wins
 * only where none are due; one of the second tier only where the first has none.
 */
export function choose(windows: Windows, choice: Choice): void {
  const { missing } = choice;
  const { sources, yardstick, interval, lo, hi } = windows;
  missing[0] = missingTime(windows, 0);
  choice.weighed = false;
  if (missing[0] === 0 && interval[0]! <= SLOWER * yardstick && sources[0]!.tier === 0) {
    choice.winner = 0;
    return;
  }
  weighAll(windows, choice);
  const tolerance = Math.min(TOLERANCE_INTERVALS * yardstick, WINDOW_MS / 2);
  let tier = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < sources.length; r++) {
    const own = sources[r]!.tier;
    if (own > tier || (hi[r] === lo[r] && (own === 1 || missing[r]! > tolerance))) continue;
    least = own < tier ? missing[r]! : Math.min(least, missing[r]!);
    tier = own;
  }
  choice.winner = -1;
  for (let r = 0; r < sources.length; r++) {
    if (sources[r]!.tier !== tier || missing[r]! > least + tolerance) continue;
    if (hi[r] === lo[r] && missing[r]! > tolerance) continue;
    if (choice.winner < 0) choice.winner = r;
    if (interval[r]! > SLOWER * yardstick || Number.isNaN(interval[r])) continue;
    choice.winner = r;
    return;
  }
}

/** Weighs the sources that the choice could do without. */
export function weighAll(windows: Windows, choice: Choice): void {
  if (choice.weighed) return;
  for (let r = 1; r < choice.missing.length; r++) choice.missing[r] = missingTime(windows, r);
  choice.weighed = true;
}
