import { MOST_SAMPLES, SAMPLE_TIMES, SAMPLE_VALUES, sampleText } from './sample-text.ts';

/** What stands before and behind a value in the text of samples: `,[0,"` and `"]`. */
const BEFORE = 5;
const BEHIND = 2;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** The most numbers that {@link numberText} takes at once. */
export const MOST_NUMBERS: number = MOST_SAMPLES;

/**
 * The numbers [from, to) of a column, at most {@link MOST_NUMBERS}, each behind a comma, with the digits that `formatFloat`
 * gives. `NaN`, `+Inf` and `-Inf` are among them, which are no JSON.
 * @returns ASCII in memory that the next call writes over, and that of {@link sampleText}.
 */
export function numberText(column: Float64Array, from: number, to: number): Uint8Array {
  const count = to - from;
  SAMPLE_TIMES.fill(0, 0, count);
  SAMPLE_VALUES.set(column.subarray(from, to));
  const text = sampleText(count);
  // What is kept of each is shorter than what it is taken from, so it never overtakes that.
  let length = 0;
  for (let at = 0; at < text.length; at += BEHIND) {
    text[length++] = COMMA;
    for (at += BEFORE; text[at] !== QUOTE; at++) text[length++] = text[at]!;
  }
  return text.subarray(0, length);
}
