import type { SelectRequest } from '../../engine/series-source.ts';

/**
 * From when on something missing matters, ms since the epoch: what is missing before the first step of an instant vector, and no longer
 * at it, has newer samples in its place.
 */
export function firstNeeded({ minTime, lookback = 0 }: Pick<SelectRequest, 'minTime' | 'lookback'>): number {
  return minTime + Math.max(0, lookback - 1);
}
