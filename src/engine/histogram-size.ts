import type { HistogramColumn } from '../model/histogram/histogram-column.ts';
import { type HistogramLayout, widthOf } from '../model/histogram/layout.ts';

const STRUCT_BYTES = 168;
const SPAN_BYTES = 8;
const FLOAT_BYTES = 8;
/** A float sample with its timestamp. */
const SAMPLE_BYTES = 16;

/** Of histograms that have all buckets of their layout. */
const wholeSizes = new WeakMap<HistogramLayout, number>();

/**
 * How many float samples a histogram of a column counts for in limits and statistics: the bytes of the histogram and its
 * timestamp in Prometheus (model/histogram `FloatHistogram.Size`), divided by those of a float sample.
 */
export function histogramSizeAt(column: HistogramColumn, i: number): number {
  const layout = column.layouts[column.layoutAt[i]!]!;
  if (column.isSparse(i) && hasEmptyBucket(column, i, widthOf(layout)))
    return sizeOf(layout, column.buckets, column.offset[i]!);
  let size = wholeSizes.get(layout);
  if (size === undefined) wholeSizes.set(layout, (size = sizeOf(layout, undefined, 0)));
  return size;
}

function hasEmptyBucket({ buckets, offset }: HistogramColumn, i: number, width: number): boolean {
  const begin = offset[i]!;
  for (let b = 0; b < width; b++) if (buckets[begin + b] === 0) return true;
  return false;
}

/** @param counts of the buckets, from `begin` on, where those of no observations are not there. */
function sizeOf(
  { positiveIndex, negativeIndex, customValues }: HistogramLayout,
  counts: Float64Array | undefined,
  begin: number,
): number {
  const buckets =
    bucketBytes(positiveIndex, counts, begin) +
    bucketBytes(negativeIndex, counts, begin + positiveIndex.length);
  return Math.floor((STRUCT_BYTES + buckets + customValues.length * FLOAT_BYTES + 8) / SAMPLE_BYTES);
}

function bucketBytes(index: Int32Array, counts: Float64Array | undefined, begin: number): number {
  let spans = 0;
  let buckets = 0;
  let next = 0;
  for (let i = 0; i < index.length; i++) {
    if (counts !== undefined && counts[begin + i] === 0) continue;
    if (buckets === 0 || index[i] !== next) spans++;
    next = index[i]! + 1;
    buckets++;
  }
  return spans * SPAN_BYTES + buckets * FLOAT_BYTES;
}
