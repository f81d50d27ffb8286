import { allBuckets } from '../../../model/histogram/buckets.ts';
import { type FloatHistogram, usesCustomBuckets } from '../../../model/histogram/float-histogram.ts';
import { log2 } from '../../../model/logarithms.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { fractionWithoutNaNs } from '../remarks.ts';

/**
 * The share of observations between two values in a native histogram, interpolating as {@link nativeQuantile} does
 * (Prometheus `HistogramFraction`). NaN observations are in no fraction, and `notes` says so.
 *
 * @returns NaN without observations or for NaN as bound; 0 for crossing bounds.
 */
export function nativeFraction(
  lower: number,
  upper: number,
  h: FloatHistogram,
  metricName: string,
  notes: KernelNotes,
): number {
  if (h.count === 0 || lower !== lower || upper !== upper) return NaN;
  if (lower >= upper) return 0;
  let total = h.count;
  if (h.sum !== h.sum) {
    total = allBuckets(h).count.reduce((sum, count) => sum + count, 0);
    if (total < h.count) notes.info(fractionWithoutNaNs(metricName));
  }
  return (rankOf(upper, h, total) - rankOf(lower, h, total)) / h.count;
}

/** How many observations lie below `value`, at most `total`. */
function rankOf(value: number, h: FloatHistogram, total: number): number {
  const custom = usesCustomBuckets(h);
  const buckets = allBuckets(h);
  const onlyPositive = h.negative.index.length === 0 && h.positive.index.length > 0;
  const onlyNegative = h.positive.index.length === 0 && h.negative.index.length > 0;
  let rank = 0;
  for (let i = 0; i < buckets.length; i++) {
    let start = buckets.lower[i]!;
    let end = buckets.upper[i]!;
    const count = buckets.count[i]!;
    const aroundZero = start <= 0 && end >= 0;
    if (aroundZero && onlyPositive) start = 0;
    else if (aroundZero && onlyNegative) end = 0;
    if (start >= value) return Math.min(rank, total);
    if (end > value) {
      const linear = custom || aroundZero;
      // Nothing can be said inside of a bucket without lower bound: all of it counts.
      if (linear && start === -Infinity) return Math.min(count, total);
      return Math.min(rank + count * fractionBelow(value, start, end, linear), total);
    }
    rank += count;
  }
  return total;
}

/** The share of a bucket that lies below `value`; exponential buckets are linear on a logarithmic scale. */
function fractionBelow(value: number, lower: number, upper: number, linear: boolean): number {
  if (linear) return (value - lower) / (upper - lower);
  const logLower = log2(Math.abs(lower));
  const logUpper = log2(Math.abs(upper));
  const logValue = log2(Math.abs(value));
  if (value > 0) return (logValue - logLower) / (logUpper - logLower);
  return 1 - (logValue - logUpper) / (logLower - logUpper);
}
