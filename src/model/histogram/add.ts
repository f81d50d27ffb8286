import { combine, type Combined } from './combine.ts';
import type { FloatHistogram } from './float-histogram.ts';

/** a + b; undefined where only one of them has custom buckets. See {@link combine}. */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, 1);
}
