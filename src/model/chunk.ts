import type { TimeRange } from './time-range.ts';

/** Chunk encodings numbered as in Prometheus (tsdb/chunkenc) and prompb `Chunk.Encoding`. */
export const ChunkEncoding = {
  unknown: 0,
  xor: 1,
  histogram: 2,
  floatHistogram: 3,
  xor2: 4,
  histogramWithStart: 5,
  floatHistogramWithStart: 6,
} as const;

/** A compressed run of samples as a backend sent it; the range is that of its samples. It stays compressed until its series is evaluated. */
export interface EncodedChunk extends TimeRange {
  /** The raw number, because servers may send encodings that we do not know; see {@link ChunkEncoding}. */
  readonly encoding: number;
  readonly data: Uint8Array;
}
