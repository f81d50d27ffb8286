import type { Track } from './track.ts';
import type { Windows } from './windows.ts';

/**
 * A spacing beyond this many intervals is a hole: at least one scrape is missing. Below it, it is jitter or the seam
 * between two replicas, whose samples keep half an interval apart.
 */
export const HOLE_INTERVALS = 1.5;

/**
 * Finds the holes and the penalty of a source in the current window: the time in ms that it misses beyond the interval. All
 * sources are measured with the interval of the densest, so that a slower one is behind while the denser is healthy, and one
 * that misses every second scrape does not pass for a slow one in good health. Only what lies inside of the window counts,
 * whatever the length of the hole, so the penalty depends on nothing that is further away than 1.5 intervals.
 */
export function weigh({ start, end, yardstick }: Windows, track: Track): void {
  const { t, lo, hi } = track;
  const hole = HOLE_INTERVALS * yardstick;
  const before = lo > 0 ? t[lo - 1]! : Number.NEGATIVE_INFINITY;
  const after = hi < track.length ? t[hi]! : Number.POSITIVE_INFINITY;
  track.listHoles(hole);
  if (hi === lo) {
    track.missing = after - before > hole ? overlap(before + yardstick, after, start, end) : 0;
    return;
  }
  let missing = 0;
  if (t[lo]! - before > hole) missing += overlap(before + yardstick, t[lo]!, start, end);
  const { holes, holeCount } = track;
  for (let k = 0; k < holeCount; k++) {
    const i = holes[k]!;
    missing += t[i]! - t[i - 1]! - yardstick;
  }
  if (after - t[hi - 1]! > hole) missing += overlap(t[hi - 1]! + yardstick, after, start, end);
  track.missing = missing;
}

function overlap(from: number, to: number, start: number, end: number): number {
  const length = Math.min(to, end) - Math.max(from, start);
  return length > 0 ? length : 0;
}
