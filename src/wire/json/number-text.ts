import { MOST_SAMPLES, SAMPLE_VALUES, valueText } from './sample-text.ts';

/** The most numbers that {@link numberText} takes at once. */
export const MOST_NUMBERS: number = MOST_SAMPLES;

/**
 * The numbers [from, to) of a column, at most {@link MOST_NUMBERS}, each behind a comma, with the digits that `formatFloat`
 * gives. `NaN`, `+Inf` and `-Inf` are among them, which are no JSON.
 * @returns ASCII in memory that the next call writes over, and that of `sampleText`.
 */
export function numberText(column: Float64Array, from: number, to: number): Uint8Array {
  SAMPLE_VALUES.set(column.subarray(from, to));
  return valueText(to - from);
}
