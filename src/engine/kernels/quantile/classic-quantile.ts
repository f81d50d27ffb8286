import { type ClassicBuckets, type Straightened, straighten } from './classic-buckets.ts';

/**
 * The φ-quantile of a classic histogram, linear inside of a bucket (Prometheus `BucketQuantile`). Values below the
 * lowest bound are taken to reach down to 0; where that bound is not positive, they are taken to be at the bound.
 * Values above the highest finite bound are taken to be at that bound.
 *
 * @param buckets at least one; changed in place.
 * @param report says what straightening changed; its `maxDiff` stays 0 where nothing fell.
 * @returns NaN without a +Inf bucket, a second bucket or observations; ±Inf for a `q` outside of 0 to 1.
 */
export function classicQuantile(q: number, buckets: ClassicBuckets, report: Straightened): number {
  report.maxDiff = 0;
  if (q !== q) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const { upper, count } = buckets;
  if (upper[buckets.length - 1] !== Infinity) return NaN;
  const length = buckets.coalesce();
  straighten(buckets, length, report);
  const last = length - 1;
  const observations = count[last]!;
  if (last < 1 || observations === 0) return NaN;

  const rank = q * observations;
  const b = firstReaching(rank, count, last);
  if (b === last) return upper[last - 1]!;
  if (b === 0 && upper[0]! <= 0) return upper[0]!;
  const start = b === 0 ? 0 : upper[b - 1]!;
  const below = b === 0 ? 0 : count[b - 1]!;
  return start + (upper[b]! - start) * ((rank - below) / (count[b]! - below));
}

/**
 * Prepares buckets for the next quantile of the same call. Prometheus works in place and goes on with all buckets:
 * those of equal bounds are added up once more, so their counts grow with each quantile.
 * @param report see {@link classicQuantile}
 * @returns whether anything changed; if not, nothing will the next time.
 */
export function settle(buckets: ClassicBuckets, report: Straightened): boolean {
  if (buckets.upper[buckets.length - 1] !== Infinity) return false;
  const length = buckets.coalesce();
  const changed = straighten(buckets, length, report);
  if (length === buckets.length) return changed;
  buckets.sort();
  return true;
}

/** The first bucket before `last` whose count reaches `rank`, else `last`; by halving, which decides what NaNs do. */
function firstReaching(rank: number, count: Float64Array, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (count[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The share of observations between two values in a classic histogram (Prometheus `BucketFraction`).
 * @param buckets at least one; changed in place.
 * @returns NaN without a +Inf bucket or observations, or for NaN as bound; 0 for crossing bounds.
 */
export function classicFraction(lower: number, upper: number, buckets: ClassicBuckets): number {
  if (buckets.upper[buckets.length - 1] !== Infinity) return NaN;
  const length = buckets.coalesce();
  const total = buckets.count[length - 1]!;
  if (total === 0 || lower !== lower || upper !== upper) return NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets, length) - rankOf(lower, buckets, length)) / total;
}

/** How many observations lie below `value`, linear inside of a bucket, none of those in a bucket without bound. */
function rankOf(value: number, { upper, count }: ClassicBuckets, length: number): number {
  const total = count[length - 1]!;
  let rank = 0;
  for (let i = 0; i < length; i++) {
    const start = i > 0 ? upper[i - 1]! : upper[0]! <= 0 ? -Infinity : 0;
    if (start >= value) return cappedRank(rank, total);
    if (upper[i]! > value) {
      if (start === -Infinity) return cappedRank(count[i]!, total);
      return cappedRank(rank + ((count[i]! - rank) * (value - start)) / (upper[i]! - start), total);
    }
    rank = count[i]!;
  }
  return total;
}

function cappedRank(rank: number, total: number): number {
  return rank > total ? total : rank;
}
