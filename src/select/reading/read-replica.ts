import type { RawData } from '../../model/raw-data.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import { SampleBuffer, appendRange } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { ChunkFormatError } from '../../wire/chunk/chunk-format-error.ts';
import { decodeChunk } from '../../wire/chunk/decode.ts';
import { mergeColumns } from './merge-columns.ts';

/** Buffers that one selection reads all of its series with, one after the other. */
export class ReadScratch {
  readonly #replicas: SampleBuffer[] = [];
  readonly piece: SampleBuffer = new SampleBuffer();
  readonly merged: SampleBuffer = new SampleBuffer();

  replica(i: number): SampleBuffer {
    return (this.#replicas[i] ??= new SampleBuffer());
  }
}

/**
 * Decodes what one endpoint has of one series in [minTime, maxTime] (ms, inclusive) into `target`, strictly ascending:
 * chunks and pieces may overlap, since several blocks and the head can hold the same time. Usually they do not, and
 * each is appended to the one before. Throws ChunkFormatError where a chunk is malformed.
 */
export function readReplica(
  pieces: readonly RawData[],
  minTime: number,
  maxTime: number,
  target: SampleBuffer,
  scratch: ReadScratch,
): void {
  target.clear();
  for (const chunk of chunksOf(pieces)) {
    const before = target.length;
    const newest = before === 0 ? -Infinity : target.t[before - 1]!;
    if (chunk.maxTime < minTime || chunk.minTime > maxTime) continue;
    if (chunk.minTime > newest) {
      decodeChunk(chunk, target, minTime, maxTime);
      if (target.length === before || target.t[before]! > newest) continue;
      target.length = before;
    }
    scratch.piece.clear();
    decodeChunk(chunk, scratch.piece, minTime, maxTime);
    addOverlapping(scratch.piece, target, scratch);
  }
  for (const piece of pieces) {
    if (piece.kind !== 'columns') continue;
    const { columns } = piece;
    const newest = target.length === 0 ? -Infinity : target.t[target.length - 1]!;
    if (columns.length === 0) continue;
    if (columns.t[0]! > newest) appendRange(target, columns, 0, columns.length);
    else addOverlapping(columns, target, scratch);
  }
}

/**
 * The same where malformed chunks are expected.
 * @returns what is wrong with a chunk; the target is empty then. Undefined where nothing is.
 */
export function tryReadReplica(
  pieces: readonly RawData[],
  { minTime, maxTime }: TimeRange,
  target: SampleBuffer,
  scratch: ReadScratch,
): string | undefined {
  try {
    readReplica(pieces, minTime, maxTime, target, scratch);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ChunkFormatError)) throw thrown;
    target.clear();
    return thrown.message;
  }
}

function addOverlapping(
  columns: Parameters<typeof mergeColumns>[0],
  target: SampleBuffer,
  { merged }: ReadScratch,
): void {
  mergeColumns(target, columns, merged);
  target.clear();
  appendRange(target, merged, 0, merged.length);
}

/** All chunks by time. One piece is ordered already. */
function chunksOf(pieces: readonly RawData[]): readonly EncodedChunk[] {
  if (pieces.length === 1) return pieces[0]!.kind === 'chunks' ? pieces[0]!.chunks : [];
  return pieces
    .flatMap((piece) => (piece.kind === 'chunks' ? piece.chunks : []))
    .sort((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
}
