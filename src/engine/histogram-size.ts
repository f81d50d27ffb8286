import { NO_BUCKETS, type Buckets, type FloatHistogram } from '../model/histogram/float-histogram.ts';

const STRUCT_BYTES = 168;
const SPAN_BYTES = 8;
const FLOAT_BYTES = 8;
/** A float sample with its timestamp. */
const SAMPLE_BYTES = 16;

/**
 * How many float samples a histogram counts for in limits and statistics: the bytes of the histogram and its timestamp
 * in Prometheus (model/histogram `FloatHistogram.Size`), divided by those of a float sample.
 */
export function histogramSize(h: FloatHistogram): number {
  const buckets = bucketBytes(h.positive) + bucketBytes(h.negative);
  return Math.floor((STRUCT_BYTES + buckets + h.customValues.length * FLOAT_BYTES + 8) / SAMPLE_BYTES);
}

function bucketBytes(buckets: Buckets): number {
  if (buckets === NO_BUCKETS) return 0;
  const { index } = buckets;
  let spans = index.length === 0 ? 0 : 1;
  for (let i = 1; i < index.length; i++) if (index[i] !== index[i - 1]! + 1) spans++;
  return spans * SPAN_BYTES + index.length * FLOAT_BYTES;
}
