import { ResetHint } from '../model/histogram/float-histogram.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import type { Source } from './replica.ts';

/** A series that falls more often has its falls looked up where they matter. */
const LISTED_FALLS = 8;

const NO_FALLS: readonly number[] = [];

/** What a counter may not fall in: the value, or a histogram's count. NaN, which is never lower, for gauges. */
export function height({ v, h }: SampleColumns, i: number): number {
  if (h?.has(i) !== true) return v[i]!;
  return h.hintAt(i) === ResetHint.gauge ? Number.NaN : h.count[i]!;
}

/** True where sample `i` of `a` is lower than sample `j` of `b`. */
export function isLower(a: SampleColumns, i: number, b: SampleColumns, j: number): boolean {
  return a.h === undefined && b.h === undefined ? a.v[i]! < b.v[j]! : height(a, i) < height(b, j);
}

/** True where sample `i`, which is not the first, is lower than the one before it. */
export function fallsAt(samples: SampleColumns, i: number): boolean {
  return isLower(samples, i, samples, i - 1);
}

/**
 * The samples that are lower than the one before, ascending; undefined where they are more than a counter's would be. One
 * pass over the values, once, and only for sources with seams.
 */
export function fallsOf(source: Source): readonly number[] | undefined {
  if (source.falls === null) source.falls = findFalls(source.samples);
  return source.falls;
}

function findFalls(samples: SampleColumns): readonly number[] | undefined {
  const { v, h, length } = samples;
  let falls: number[] | undefined;
  for (let i = 1; i < length; i++) {
    if (h === undefined ? !(v[i]! < v[i - 1]!) : !fallsAt(samples, i)) continue;
    falls ??= [];
    if (falls.length === LISTED_FALLS) return undefined;
    falls.push(i);
  }
  return falls ?? NO_FALLS;
}
