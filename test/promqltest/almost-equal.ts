import { isStale } from '../../src/model/stale.ts';

/** Relative error allowed between expected and actual values, as in Prometheus' own runner. */
const EPSILON = 1e-6;

/** The smallest float that is not denormal. */
const MIN_NORMAL = 2 ** -1022;

/** Whether two values are the same number up to rounding. Any NaN equals any other, except for stale markers. */
export function almostEqual(a: number, b: number): boolean {
  if (isStale(a) || isStale(b)) return isStale(a) && isStale(b);
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < EPSILON * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
}
