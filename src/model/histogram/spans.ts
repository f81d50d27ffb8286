import type { Buckets } from './float-histogram.ts';

/** A run of adjacent buckets as the wire formats describe it: `offset` counts from the end of the span before. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** The indices of the buckets that spans describe. */
export function indicesOfSpans(spans: readonly Span[]): Int32Array {
  const index = new Int32Array(spans.reduce((total, { length }) => total + length, 0));
  let at = 0;
  let bucket = 0;
  for (const { offset, length } of spans) {
    bucket += offset;
    for (let i = 0; i < length; i++) index[at++] = bucket++;
  }
  return index;
}

/** The fewest spans that describe the buckets. */
export function spansOf({ index }: Buckets): readonly Span[] {
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const bucket of index) {
    const last = spans.at(-1);
    if (last !== undefined && bucket === next) last.length++;
    else spans.push({ offset: bucket - next, length: 1 });
    next = bucket + 1;
  }
  return spans;
}
