import { combine, type Combined } from './combine.ts';
import type { FloatHistogram } from './float-histogram.ts';

/**
 * a - b; undefined where only one of them has custom buckets. See {@link combine}. The reset hint is that of a sum:
 * the operator `-` and the rate functions make a gauge of the result themselves.
 */
export function subtractHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, -1);
}
