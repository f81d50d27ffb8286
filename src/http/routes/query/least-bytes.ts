import type { QueryValue } from '../../../engine/answer.ts';

/** Of `[T,"V"],` beside the seconds of its time, with a value of one digit. */
const AROUND_TIME = 7;
/** Of `{"metric":{},"value":[0,"0"]},`. */
const LEAST_OF_VECTOR = 30;

/**
 * So many bytes the text of a value has at least. It is known before the text is made, so that an answer which is far too large can be
 * refused before it begins.
 */
export function leastBytes(value: QueryValue): number {
  switch (value.kind) {
    case 'scalar':
    case 'string':
      return 0;
    case 'vector':
      return value.samples.length * LEAST_OF_VECTOR;
    case 'matrix': {
      let bytes = 0;
      for (const { columns } of value.series)
        bytes += columns.length * (digitsOf(columns.t[0] ?? 0) + AROUND_TIME);
      return bytes;
    }
  }
}

/** Of a time in ms, as whole seconds; later ones have as many or more. */
function digitsOf(ms: number): number {
  return ms < 0 ? 1 : String(Math.floor(ms / 1000)).length;
}
