import { formatHistogram } from '../../../model/histogram/format.ts';
import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';

/** The label value that count_values gives a sample: the shortest decimal without exponent, or the histogram's text. */
export function countValuesLabel(value: number, h: FloatHistogram | undefined): string {
  if (h !== undefined) return formatHistogram(h);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : plainDecimal(String(value));
}

/** Writes out the exponent that JavaScript prints from 1e21 on and below 1e-6. */
function plainDecimal(text: string): string {
  const [mantissa, exponentText] = text.split('e') as [string, string | undefined];
  if (exponentText === undefined) return text;
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}
