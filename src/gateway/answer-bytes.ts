import type { QueryValue } from '../engine/answer.ts';

/** Of a timestamp and a value. */
const SAMPLE_BYTES = 16;
/** Of a series or an element of a vector beside its samples: labels, columns, their objects. */
const SERIES_BYTES = 500;
/** Of a native histogram of a vector, which has about as many buckets as servers keep. */
const HISTOGRAM_BYTES = 2000;

/** What the value of a query takes in memory until it was sent, about; bytes. */
export function answerBytes(value: QueryValue): number {
  switch (value.kind) {
    case 'scalar':
      return SAMPLE_BYTES;
    case 'string':
      return value.value.length * 2;
    case 'vector':
      return (
        value.samples.length * SERIES_BYTES + value.samples.filter(({ h }) => h).length * HISTOGRAM_BYTES
      );
    case 'matrix': {
      let bytes = 0;
      for (const { columns } of value.series) {
        bytes += SERIES_BYTES + columns.length * SAMPLE_BYTES + (columns.h?.byteLength ?? 0);
      }
      return bytes;
    }
  }
}
