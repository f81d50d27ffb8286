import { firstAtOrAfter } from '../model/sample-columns.ts';
import { APART_INTERVALS } from './fill.ts';
import { HOLE_INTERVALS } from './penalty.ts';
import type { SegmentList } from './segments.ts';
import type { Track } from './track.ts';
import type { Windows } from './windows.ts';

/**
 * A change of winner from one window to the next need not happen at the windows' border, which is an accident of time:
 * it is moved to the hole that caused it. The preferred of the two keeps its samples up to its first hole where it
 * loses the window, and takes over right behind its last hole where it wins again. So one outage costs two seams at
 * its edges and nothing else, and several of them close together are bridged by the other.
 *
 * Returns the index of the first sample of the winner that is still to be selected.
 */
export function handOver(plan: SegmentList, windows: Windows, previous: Track, winner: Track): number {
  if (previous === winner || previous.source.tier !== winner.source.tier) return winner.lo;
  if (previous.index < winner.index) {
    keepUntilHole(plan, windows, previous);
    return winner.lo;
  }
  return takeOverFromHole(plan, windows, winner);
}

/** Appends the samples that lead from the last window into this one without a hole. */
function keepUntilHole(plan: SegmentList, windows: Windows, track: Track): void {
  const { t, lo: from } = track;
  const hole = HOLE_INTERVALS * windows.yardstick;
  if (from === 0 || plan.last !== track || plan.lastIndex !== from - 1) return;
  let to = from;
  while (to < track.hi && t[to]! - t[to - 1]! <= hole) to++;
  plan.push(track, from, to);
}

/** Finds the samples that lead into this window from the last one without a hole, and makes room for them. */
function takeOverFromHole(plan: SegmentList, windows: Windows, track: Track): number {
  const { t, lo } = track;
  // In the last window a denser source may have gone on, of which this one knows nothing.
  const interval = Math.min(windows.yardstick, windows.lastYardstick);
  const hole = HOLE_INTERVALS * interval;
  const earliest = windows.start - windows.length;
  let from = lo;
  while (from > 0 && from < track.length && t[from - 1]! >= earliest && t[from]! - t[from - 1]! <= hole)
    from--;
  if (from < lo) cutBack(plan, interval, track, from);
  return from;
}

/**
 * Takes back what was selected less than half an interval before sample `from` of a source, or later; of that source
 * itself, what comes from there on.
 */
function cutBack(plan: SegmentList, interval: number, track: Track, from: number): void {
  const limit = track.t[from]! - APART_INTERVALS * interval;
  while (plan.last !== undefined) {
    const segment = plan.length - 1;
    const first = plan.from[segment]!;
    const keep =
      plan.last === track ? from : firstAtOrAfter(plan.last.source.samples, Math.floor(limit) + 1, first);
    if (keep >= plan.to[segment]!) return;
    if (keep > first) {
      plan.shorten(keep);
      return;
    }
    plan.cut(segment);
  }
}
