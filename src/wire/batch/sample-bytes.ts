import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';

/** What a series may have beside its chunks, which few have; about the bytes that an entry takes. */
export const BYTES_PER_EXTRA = 200;

/** Memory that a chunk with aggregates takes, about. */
export function aggregateBytes({ aggregates }: AggrChunk): number {
  let bytes = BYTES_PER_EXTRA;
  for (const chunk of Object.values(aggregates ?? {}) as (EncodedChunk | undefined)[])
    bytes += chunk === undefined ? 0 : chunk.data.length + BYTES_PER_EXTRA;
  return bytes;
}

/** Two arrays, whatever is in them, and the objects around them. */
const BYTES_PER_COLUMNS = 400;
/** A native histogram is taken for one of some ten buckets. */
const BYTES_PER_HISTOGRAM = 500;

/** Memory that samples which are no chunks take, about. */
export function bytesOf({ t, v, h, st }: SampleColumns): number {
  const samples = t.byteLength + v.byteLength + (st?.byteLength ?? 0);
  return BYTES_PER_COLUMNS + samples + (h?.length ?? 0) * BYTES_PER_HISTOGRAM;
}
