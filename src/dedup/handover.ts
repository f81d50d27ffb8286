import { APART_INTERVALS } from './fill.ts';
import { HOLE_INTERVALS } from './penalty.ts';
import type { SegmentList } from './segments.ts';
import { firstAtOrAfter } from './source.ts';
import type { Windows } from './windows.ts';
import { WINDOW_MS } from './windows.ts';

/**
 * A change of winner from one window to the next need not happen at the windows' border, which is an accident of time:
 * it is moved to the hole that caused it. The preferred of the two keeps its samples up to its first hole where it
 * loses the window, and takes over right behind its last hole where it wins again. So one outage costs two seams at
 * its edges and nothing else, and several of them close together are bridged by the other.
 *
 * Returns the index of the first sample of the winner that is still to be selected.
 */
export function handOver(plan: SegmentList, windows: Windows, previous: number, winner: number): number {
  const { sources, lo } = windows;
  if (previous === winner || sources[previous]!.tier !== sources[winner]!.tier) return lo[winner]!;
  if (previous < winner) {
    keepUntilHole(plan, windows, previous);
    return lo[winner]!;
  }
  return takeOverFromHole(plan, windows, winner);
}

/** Appends the samples that lead from the last window into this one without a hole. */
function keepUntilHole(plan: SegmentList, windows: Windows, r: number): void {
  const { samples } = windows.sources[r]!;
  const hole = HOLE_INTERVALS * windows.yardstick;
  const from = windows.lo[r]!;
  const contiguous = from > 0 && plan.length > 0 && plan.source[plan.length - 1] === r;
  if (!contiguous || plan.to[plan.length - 1] !== from) return;
  let to = from;
  while (to < windows.hi[r]! && samples.t[to]! - samples.t[to - 1]! <= hole) to++;
  plan.push(r, from, to);
}

/** Finds the samples that lead into this window from the last one without a hole, and makes room for them. */
function takeOverFromHole(plan: SegmentList, windows: Windows, r: number): number {
  const { samples } = windows.sources[r]!;
  const hole = HOLE_INTERVALS * windows.yardstick;
  const earliest = windows.start - WINDOW_MS;
  let from = windows.lo[r]!;
  while (
    from > 0 &&
    from < samples.length &&
    samples.t[from - 1]! >= earliest &&
    samples.t[from]! - samples.t[from - 1]! <= hole
  )
    from--;
  if (from === windows.lo[r]) return from;
  cutBack(plan, windows, samples.t[from]! - APART_INTERVALS * windows.yardstick, r, from);
  return from;
}

/** Takes back what was selected later than `limit` (ms); of source `r` itself, what comes from sample `from` on. */
function cutBack(plan: SegmentList, windows: Windows, limit: number, r: number, from: number): void {
  while (plan.length > 0) {
    const segment = plan.length - 1;
    const source = plan.source[segment]!;
    const first = plan.from[segment]!;
    const keep =
      source === r ? from : firstAtOrAfter(windows.sources[source]!.samples, Math.floor(limit) + 1, first);
    if (keep >= plan.to[segment]!) return;
    if (keep > first) {
      plan.to[segment] = keep;
      return;
    }
    plan.length--;
  }
}
