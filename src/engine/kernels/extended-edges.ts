import { firstAfter } from './interpolation.ts';
import type { RangeInput } from './range-kernel.ts';

export type Extent = 'anchored' | 'smoothed';

/** The samples at the edges of an extended window, both inclusive. */
export interface ExtendedEdges {
  /** The last sample at or before the window's start, else the first one. */
  first: number;
  /** The last sample; for smoothed windows the first at or after the window's end, if any. */
  last: number;
}

/** Finds the edges of a non-empty window; false where it has nothing inside of the range. */
export function findEdges(input: RangeInput, step: number, extent: Extent, edges: ExtendedEdges): boolean {
  const { t } = input;
  const lo = input.lo[step]!;
  const start = input.windowStart[step]!;
  const end = input.windowEnd[step]!;
  let last = input.hi[step]! - 1;
  const first = Math.max(lo, firstAfter(t, lo, last, start, false) - 1);
  if (extent === 'smoothed') last = firstAfter(t, lo, last, end, true);
  edges.first = first;
  edges.last = last;
  return t[last]! > start && !(extent === 'smoothed' && t[first]! > end);
}
