import type { Windows } from './windows.ts';

/**
 * A spacing beyond this many intervals is a hole: at least one scrape is missing. Below it, it is jitter or the seam
 * between two replicas, whose samples keep half an interval apart.
 */
export const HOLE_INTERVALS = 1.5;

/**
 * The penalty of a source in the current window: the time in ms that it misses beyond the interval. All sources are
 * measured with the interval of the densest, so that a slower one is behind while the denser is healthy, and one that
 * misses every second scrape does not pass for a slow one in good health. Only what lies inside of the window counts,
 * whatever the length of the hole, so the penalty depends on nothing that is further away than 1.5 intervals.
 */
export function missingTime(windows: Windows, r: number): number {
  const { start, end, yardstick } = windows;
  const { t, length } = windows.sources[r]!.samples;
  const lo = windows.lo[r]!;
  const hi = windows.hi[r]!;
  const hole = HOLE_INTERVALS * yardstick;
  const before = lo > 0 ? t[lo - 1]! : Number.NEGATIVE_INFINITY;
  const after = hi < length ? t[hi]! : Number.POSITIVE_INFINITY;
  if (hi === lo) return after - before > hole ? overlap(before + yardstick, after, start, end) : 0;

  let missing = 0;
  if (t[lo]! - before > hole) missing += overlap(before + yardstick, t[lo]!, start, end);
  if (windows.maxSpacing[r]! > hole) {
    for (let i = lo + 1; i < hi; i++) {
      const spacing = t[i]! - t[i - 1]!;
      if (spacing > hole) missing += spacing - yardstick;
    }
  }
  if (after - t[hi - 1]! > hole) missing += overlap(t[hi - 1]! + yardstick, after, start, end);
  return missing;
}

function overlap(from: number, to: number, start: number, end: number): number {
  const length = Math.min(to, end) - Math.max(from, start);
  return length > 0 ? length : 0;
}
