import { firstAtOrAfter } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { RawData } from '../../model/raw-data.ts';

/** The range of all samples; an inverted infinite one where there are none. */
export function timeRangeOf(data: RawData): TimeRange {
  if (data.kind === 'chunks') {
    return {
      minTime: Math.min(...data.chunks.map(({ minTime }) => minTime)),
      maxTime: Math.max(...data.chunks.map(({ maxTime }) => maxTime)),
    };
  }
  const { length, t } = data.columns;
  return length === 0
    ? { minTime: Infinity, maxTime: -Infinity }
    : { minTime: t[0]!, maxTime: t[length - 1]! };
}

/** The part of the data in the range: whole chunks that overlap it, or exact columns; undefined where there is none. */
export function cutToRange(data: RawData, { minTime, maxTime }: TimeRange): RawData | undefined {
  if (data.kind === 'chunks') {
    const chunks = data.chunks.filter((chunk) => chunk.maxTime >= minTime && chunk.minTime <= maxTime);
    return chunks.length === 0 ? undefined : { kind: 'chunks', chunks };
  }
  const { columns } = data;
  const from = firstAtOrAfter(columns, minTime);
  const to = firstAtOrAfter(columns, maxTime + 1);
  if (from === to) return undefined;
  return {
    kind: 'columns',
    columns: {
      length: to - from,
      t: columns.t.subarray(from, to),
      v: columns.v.subarray(from, to),
      h: columns.h?.slice(from, to),
      st: columns.st?.subarray(from, to),
    },
  };
}
