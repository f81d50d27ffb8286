import { ClassicBuckets } from '../../src/engine/kernels/quantile/classic-buckets.ts';
import { classicQuantile } from '../../src/engine/kernels/quantile/classic-quantile.ts';
import { nativeQuantile } from '../../src/engine/kernels/quantile/native-quantile.ts';
import type { KernelNotes } from '../../src/engine/kernels/range-kernel.ts';
import type { HistogramSum } from '../../src/model/histogram/histogram-sum.ts';

/** The quantile at each of `count` steps of a classic histogram, whose buckets are rows of steps by `le`. */
export function classicQuantiles(
  q: number,
  rows: ReadonlyMap<string, Float64Array>,
  count: number,
): Float64Array {
  const byBound = [...rows]
    .map(([le, row]) => ({ bound: le === '+Inf' ? Infinity : Number(le), row }))
    .sort((x, y) => x.bound - y.bound);
  const buckets = new ClassicBuckets();
  const report = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  return Float64Array.from({ length: count }, (_, step) => {
    buckets.clear();
    for (const { bound, row } of byBound) buckets.push(bound, row[step]!);
    return classicQuantile(q, buckets, report);
  });
}

/** The quantile of each step's native histogram; NaN where there is none. */
export function nativeQuantiles(
  q: number,
  sums: readonly (HistogramSum | undefined)[],
  metric: string,
  notes: KernelNotes,
): Float64Array {
  return Float64Array.from(sums, (sum) =>
    sum === undefined ? Number.NaN : nativeQuantile(q, sum.value(), metric, notes),
  );
}
