import type { HistogramColumn } from '../model/histogram/histogram-column.ts';

const STRUCT_BYTES = 168;
const SPAN_BYTES = 8;
const FLOAT_BYTES = 8;
/** A float sample with its timestamp. */
const SAMPLE_BYTES = 16;

/**
 * How many float samples a histogram of a column counts for in limits and statistics: the bytes of the histogram and its
 * timestamp in Prometheus (model/histogram `FloatHistogram.Size`), divided by those of a float sample.
 */
export function histogramSizeAt(column: HistogramColumn, i: number): number {
  const { positiveIndex, negativeIndex, customValues } = column.layouts[column.layoutAt[i]!]!;
  const counts = column.isSparse(i) ? column.buckets : undefined;
  const begin = column.offset[i]!;
  const buckets =
    bucketBytes(positiveIndex, counts, begin) +
    bucketBytes(negativeIndex, counts, begin + positiveIndex.length);
  return Math.floor((STRUCT_BYTES + buckets + customValues.length * FLOAT_BYTES + 8) / SAMPLE_BYTES);
}

/** @param counts of the buckets, from `begin` on, where those of no observations are not there. */
function bucketBytes(index: Int32Array, counts: Float64Array | undefined, begin: number): number {
  let spans = 0;
  let buckets = 0;
  let next = NaN;
  for (let i = 0; i < index.length; i++) {
    if (counts !== undefined && counts[begin + i] === 0) continue;
    if (index[i] !== next) spans++;
    next = index[i]! + 1;
    buckets++;
  }
  return spans * SPAN_BYTES + buckets * FLOAT_BYTES;
}
