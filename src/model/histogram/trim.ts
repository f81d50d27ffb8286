import { log2 } from '../logarithms.ts';
import { bucketBound } from './bounds.ts';
import { compactBuckets } from './compact.ts';
import { type Buckets, type FloatHistogram, usesCustomBuckets } from './float-histogram.ts';

/** Which observations to keep: those below the limit (`</`) or those above it (`>/`). */
export type TrimSide = 'below' | 'above';

/** One bucket and how observations spread inside of it: linearly in custom ones, else exponentially. */
interface TrimmedBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly linear: boolean;
  /** 1 for positive buckets, -1 for negative ones. */
  readonly sign: number;
}

/** What stays of a bucket: how many observations, and the value that they count for in the new sum. */
interface Kept {
  readonly count: number;
  readonly midpoint: number;
}

/**
 * Leaves out the observations on the other side of `limit`, interpolating inside of the bucket that it falls into.
 * Where anything was left out, count and sum are estimated anew from the buckets that stay (Prometheus:
 * FloatHistogram.TrimBuckets).
 */
export function trimBuckets(h: FloatHistogram, limit: number, side: TrimSide): FloatHistogram {
  const tally = { count: 0, sum: 0, changed: false };
  const positive = trimSide(h, 'positive', limit, side, tally);
  const negative = trimSide(h, 'negative', limit, side, tally);
  let { zeroCount } = h;
  if (zeroCount > 0) {
    const kept = trimZeroBucket(h, limit, side);
    tally.changed ||= kept.count !== zeroCount;
    tally.count += kept.count;
    tally.sum += kept.midpoint * kept.count;
    zeroCount = kept.count;
  }
  if (!tally.changed) return h;
  return { ...h, positive, negative, zeroCount, count: tally.count, sum: tally.sum };
}

function trimSide(
  h: FloatHistogram,
  of: 'positive' | 'negative',
  limit: number,
  side: TrimSide,
  tally: { count: number; sum: number; changed: boolean },
): Buckets {
  const { index, count } = h[of];
  const sign = of === 'positive' ? 1 : -1;
  const kept = count.slice();
  for (let i = 0; i < index.length; i++) {
    if (count[i] === 0) continue;
    const [near, far] = [sign * bucketBound(h, index[i]! - 1), sign * bucketBound(h, index[i]!)];
    const [lower, upper] = sign === 1 ? [near, far] : [far, near];
    const bucket = { lower, upper, count: count[i]!, linear: usesCustomBuckets(h), sign };
    const stays = trimBucket(bucket, limit, side);
    kept[i] = stays.count;
    tally.changed ||= stays.count !== bucket.count;
    tally.count += stays.count;
    tally.sum += stays.midpoint * stays.count;
  }
  return compactBuckets({ index, count: kept });
}

function trimBucket(bucket: TrimmedBucket, limit: number, side: TrimSide): Kept {
  const { lower, upper, count } = bucket;
  if (side === 'below' ? upper <= limit : lower >= limit) {
    return { count, midpoint: midpoint(bucket, lower, upper) };
  }
  if (side === 'below' ? !(lower < limit) : !(upper > limit)) return { count: 0, midpoint: 0 };
  if (lower === -Infinity || upper === Infinity) return trimOpenBucket(bucket, limit, side);
  const below = count * fractionBelow(bucket, limit);
  return side === 'below'
    ? { count: below, midpoint: midpoint(bucket, lower, limit) }
    : { count: count - below, midpoint: midpoint(bucket, limit, upper) };
}

/**
 * A bucket without one end says nothing about where its observations lie. Up to a positive bound they are taken to
 * start at 0. Otherwise those that may be on the wrong side go, and those that are kept count as the
 * limit itself.
 */
function trimOpenBucket({ lower, upper, count }: TrimmedBucket, limit: number, side: TrimSide): Kept {
  if (lower !== -Infinity) return side === 'below' ? { count: 0, midpoint: 0 } : { count, midpoint: limit };
  if (upper > 0 && upper !== Infinity) {
    if (side === 'below' && limit > 0) return { count: (count * limit) / upper, midpoint: limit / 2 };
    if (side === 'above' && limit >= 0) {
      return { count: count * (1 - limit / upper), midpoint: (limit + upper) / 2 };
    }
  }
  return side === 'below' && upper <= 0 ? { count, midpoint: limit } : { count: 0, midpoint: 0 };
}

function fractionBelow({ lower, upper, linear }: TrimmedBucket, limit: number): number {
  if (linear) return (limit - lower) / (upper - lower);
  const [logLower, logUpper] = [log2(Math.abs(lower)), log2(Math.abs(upper))];
  const logLimit = log2(Math.abs(limit));
  return limit > 0
    ? (logLimit - logLower) / (logUpper - logLower)
    : 1 - (logLimit - logUpper) / (logLower - logUpper);
}

/** The value that observations in (from, to] of a bucket count for. */
function midpoint({ linear, sign }: TrimmedBucket, from: number, to: number): number {
  if (!Number.isFinite(from)) {
    if (!Number.isFinite(to)) return 0;
    return to > 0 ? to / 2 : to;
  }
  if (!Number.isFinite(to)) return from;
  return linear ? (from + to) / 2 : sign * Math.sqrt(Math.abs(from * to));
}

/** The zero bucket counts as one-sided where the other buckets are. */
function trimZeroBucket(h: FloatHistogram, limit: number, side: TrimSide): Kept {
  const [hasPositive, hasNegative] = [isPopulated(h.positive), isPopulated(h.negative)];
  const lower = hasPositive && !hasNegative ? 0 : -h.zeroThreshold;
  const upper = hasNegative && !hasPositive ? 0 : h.zeroThreshold;
  const count = h.zeroCount;
  const [from, to] = side === 'below' ? [lower, Math.min(limit, upper)] : [Math.max(limit, lower), upper];
  if (side === 'below' ? limit >= upper && limit > lower : limit <= lower) {
    return { count, midpoint: (lower + upper) / 2 };
  }
  if (from >= to) return { count: 0, midpoint: 0 };
  return { count: count * ((to - from) / (upper - lower)), midpoint: (from + to) / 2 };
}

function isPopulated({ count }: Buckets): boolean {
  return count.some((value) => value !== 0);
}
