/** Differences between neighbouring buckets below this share are taken for rounding errors. */
const SMALL_DELTA = 1e-12;
const MIN_NORMAL = 2 ** -1022;

/** The cumulative buckets of one classic histogram at one step; a buffer to be refilled step by step. */
export class ClassicBuckets {
  /** Ascending, each bound once; only the first {@link length} count, here and below. */
  upper: Float64Array = new Float64Array(32);
  count: Float64Array = new Float64Array(32);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Adds a bucket; bounds must not fall from one to the next, and those of equal bounds add up. */
  push(upper: number, count: number): void {
    const last = this.length - 1;
    if (last >= 0 && this.upper[last] === upper) {
      this.count[last]! += count;
      return;
    }
    if (this.length === this.upper.length) this.#grow();
    this.upper[this.length] = upper;
    this.count[this.length++] = count;
  }

  #grow(): void {
    const upper = new Float64Array(this.length * 2);
    const count = new Float64Array(this.length * 2);
    upper.set(this.upper);
    count.set(this.count);
    this.upper = upper;
    this.count = count;
  }
}

/** What {@link straighten} had to change beyond rounding errors: the bounds concerned and the deepest fall. */
export interface Straightened {
  minBucket: number;
  maxBucket: number;
  maxDiff: number;
}

/**
 * Makes the counts rise with the bounds, as cumulative counts do: small differences are levelled silently, falls are
 * filled up (Prometheus `ensureMonotonicAndIgnoreSmallDeltas`).
 * @param report is written where a fall was filled.
 * @returns whether one was.
 */
export function straighten(buckets: ClassicBuckets, report: Straightened): boolean {
  const { upper, count, length } = buckets;
  let forced = false;
  let previous = count[0]!;
  for (let i = 1; i < length; i++) {
    const current = count[i]!;
    if (current === previous) continue;
    if (isAlmostEqual(previous, current)) {
      count[i] = previous;
    } else if (current < previous) {
      count[i] = previous;
      if (!forced) Object.assign(report, { minBucket: Infinity, maxBucket: -Infinity, maxDiff: 0 });
      forced = true;
      report.minBucket = Math.min(report.minBucket, upper[i]!);
      report.maxBucket = Math.max(report.maxBucket, upper[i]!);
      report.maxDiff = Math.max(report.maxDiff, previous - current);
    } else {
      previous = current;
    }
  }
  return forced;
}

/** Prometheus' `almost.Equal` with {@link SMALL_DELTA}; NaNs are alike. */
function isAlmostEqual(a: number, b: number): boolean {
  if (a !== a && b !== b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < SMALL_DELTA * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL_DELTA;
}
