/** Differences between neighbouring buckets below this share are taken for rounding errors. */
const SMALL_DELTA = 1e-12;
const MIN_NORMAL = 2 ** -1022;

/** The cumulative buckets of one classic histogram at one step; a buffer to be refilled step by step. */
export class ClassicBuckets {
  /** Ascending; a bound may come up several times. Only the first {@link length} count, here and below. */
  upper: Float64Array = new Float64Array(32);
  count: Float64Array = new Float64Array(32);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Adds a bucket, by insertion: this costs nothing where the bounds come in order. */
  push(upper: number, count: number): void {
    if (this.length === this.upper.length) this.#grow();
    this.#insert(this.length++, upper, count);
  }

  /**
   * Adds up the buckets of equal bounds. The last places keep what they held before, as in Prometheus
   * (`coalesceBuckets`): functions of several quantiles ignore that there are fewer buckets, and read these places
   * again.
   * @returns how many buckets there are now.
   */
  coalesce(): number {
    const { upper, count, length } = this;
    let last = 0;
    for (let i = 1; i < length; i++) {
      if (upper[i] === upper[last]) {
        count[last]! += count[i]!;
      } else {
        last++;
        upper[last] = upper[i]!;
        count[last] = count[i]!;
      }
    }
    return last + 1;
  }

  /** Sorts what {@link coalesce} left behind. */
  sort(): void {
    for (let i = 1; i < this.length; i++) this.#insert(i, this.upper[i]!, this.count[i]!);
  }

  /** Moves a bucket down from a place, as far as those before it have higher bounds. */
  #insert(from: number, bound: number, observations: number): void {
    const { upper, count } = this;
    let at = from;
    for (; at > 0 && upper[at - 1]! > bound; at--) {
      upper[at] = upper[at - 1]!;
      count[at] = count[at - 1]!;
    }
    upper[at] = bound;
    count[at] = observations;
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
  /** 0 where nothing fell. */
  maxDiff: number;
}

/**
 * Makes the first counts rise with the bounds, as cumulative counts do: small differences are levelled silently, falls
 * are filled up (Prometheus `ensureMonotonicAndIgnoreSmallDeltas`).
 * @returns whether anything was changed.
 */
export function straighten({ upper, count }: ClassicBuckets, length: number, report: Straightened): boolean {
  report.minBucket = Infinity;
  report.maxBucket = -Infinity;
  report.maxDiff = 0;
  let changed = false;
  let previous = count[0]!;
  for (let i = 1; i < length; i++) {
    const current = count[i]!;
    if (current === previous) continue;
    if (isAlmostEqual(previous, current)) {
      count[i] = previous;
      changed = true;
    } else if (current < previous) {
      count[i] = previous;
      changed = true;
      report.minBucket = Math.min(report.minBucket, upper[i]!);
      report.maxBucket = Math.max(report.maxBucket, upper[i]!);
      report.maxDiff = Math.max(report.maxDiff, previous - current);
    } else {
      previous = current;
    }
  }
  return changed;
}

/** Prometheus' `almost.Equal` with {@link SMALL_DELTA}; NaNs are alike. */
function isAlmostEqual(a: number, b: number): boolean {
  if (a !== a && b !== b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < SMALL_DELTA * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL_DELTA;
}
