import type { BitReader } from './bit-reader.ts';

/** The three bytes in front of every histogram chunk. */
export interface HistogramHeader {
  readonly total: number;
  /** Two bits: 0 unknown, 1 no reset before the chunk, 2 a reset, 3 gauge histograms. */
  readonly resetHeader: number;
  /** See StartTimes; 0 where the encoding has none. */
  readonly startHeader: number;
}

/** Chunks with start timestamps keep the reset header in the sample count's top bits and use the third byte for them. */
export function readHistogramHeader(reader: BitReader, withStarts: boolean): HistogramHeader {
  if (withStarts) return { resetHeader: reader.bits(2), total: reader.bits(14), startHeader: reader.bits(8) };
  const total = reader.bits(16);
  return { total, resetHeader: reader.bits(8) >>> 6, startHeader: 0 };
}
