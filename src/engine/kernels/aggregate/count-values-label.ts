import { formatDecimal } from '../../../model/format-decimal.ts';
import { formatHistogram } from '../../../model/histogram/format.ts';
import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';

/** The label value that count_values gives a sample: the shortest decimal without exponent, or the histogram's text. */
export function countValuesLabel(value: number, h: FloatHistogram | undefined): string {
  return h === undefined ? formatDecimal(value) : formatHistogram(h);
}
