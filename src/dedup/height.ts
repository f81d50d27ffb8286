import { ResetHint } from '../model/histogram/float-histogram.ts';
import type { SampleColumns } from '../model/sample-columns.ts';

/** What a counter may not fall in: the value, or a histogram's count. NaN, which is never lower, for gauges. */
export function height({ v, h }: SampleColumns, i: number): number {
  const histogram = h?.[i];
  if (histogram === undefined) return v[i]!;
  return histogram.resetHint === ResetHint.gauge ? Number.NaN : histogram.count;
}

/** True where sample `i` of `a` is lower than sample `j` of `b`. */
export function isLower(a: SampleColumns, i: number, b: SampleColumns, j: number): boolean {
  return a.h === undefined && b.h === undefined ? a.v[i]! < b.v[j]! : height(a, i) < height(b, j);
}

/** True where sample `i`, which is not the first, is lower than the one before it. */
export function fallsAt(samples: SampleColumns, i: number): boolean {
  return isLower(samples, i, samples, i - 1);
}
