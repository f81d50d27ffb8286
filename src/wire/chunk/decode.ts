import { ChunkEncoding, type EncodedChunk } from '../../model/chunk.ts';
import type { SampleBuffer } from '../../model/sample-columns.ts';
import { ChunkFormatError } from './chunk-format-error.ts';
import { FLOATS, INTEGERS, decodeHistogramChunk } from './decode-histogram-chunk.ts';
import { decodeXor } from './decode-xor.ts';
import { decodeXor2Chunk } from './decode-xor2-chunk.ts';

type Decoder = (data: Uint8Array, target: SampleBuffer, minTime: number, maxTime: number) => void;

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [ChunkEncoding.xor, decodeXor],
  [ChunkEncoding.histogram, (data, ...rest) => decodeHistogramChunk(data, INTEGERS, false, ...rest)],
  [ChunkEncoding.floatHistogram, (data, ...rest) => decodeHistogramChunk(data, FLOATS, false, ...rest)],
  [ChunkEncoding.xor2, decodeXor2Chunk],
  [ChunkEncoding.histogramWithStart, (data, ...rest) => decodeHistogramChunk(data, INTEGERS, true, ...rest)],
  [
    ChunkEncoding.floatHistogramWithStart,
    (data, ...rest) => decodeHistogramChunk(data, FLOATS, true, ...rest),
  ],
]);

/** Whether {@link decodeChunk} knows the encoding. */
export function isKnownEncoding(encoding: number): boolean {
  return DECODERS.has(encoding);
}

/**
 * Appends the samples of a chunk with minTime ≤ t ≤ maxTime (ms, inclusive) to `target`, ascending; the samples that
 * are there already are not looked at. Stale markers keep their bits, stale histograms become float stale markers, and
 * the first histogram that a chunk holds has the reset hint `unknown` (or `gauge`), those after it `notReset`.
 *
 * Throws {@link ChunkFormatError} for an unknown encoding and for bytes that are no such chunk; `target` is then as
 * it was before. What lies behind the first sample after `maxTime` is not read, hence not checked.
 */
export function decodeChunk(
  chunk: EncodedChunk,
  target: SampleBuffer,
  minTime: number,
  maxTime: number,
): void {
  const decoder = DECODERS.get(chunk.encoding);
  if (decoder === undefined)
    throw new ChunkFormatError(
      `a chunk from ${chunk.minTime} to ${chunk.maxTime} has encoding ${chunk.encoding}, which is unknown here`,
    );
  const { length } = target;
  try {
    decoder(chunk.data, target, minTime, maxTime);
  } catch (error) {
    forgetFrom(target, length);
    throw error;
  }
}

/** Later samples need not write every column, so what is cut off must not shine through. */
function forgetFrom(target: SampleBuffer, length: number): void {
  target.length = length;
  target.h?.truncate(length);
  target.st?.fill(0, length);
}
